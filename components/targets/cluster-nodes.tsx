import { formatCores, formatMemory } from "#components/targets/cluster-words.ts";
import { Panel } from "#components/ui/panel.tsx";
import { ProgressBar } from "#components/ui/progress-bar.tsx";
import type { NodeFound } from "#lib/targets/kubernetes/findings.ts";

/** Each node with what pods have asked for of it. */
export function ClusterNodes({ nodes }: { nodes: NodeFound[] | null }) {
  if (!nodes || nodes.length === 0) return null;
  return (
    <Panel title="Nodes" about="What pods have asked for of what each node gives" flush>
      <ul className="divide-y border-t">
        {nodes.map((node) => (
          <li key={node.name} className="grid gap-x-6 gap-y-3 p-4 lg:grid-cols-[14rem_minmax(0,1fr)]">
            <div className="min-w-0">
              <h3 className="font-medium break-words">{node.name}</h3>
              <p className="text-small text-muted">
                {[node.ready ? null : "not ready", node.closed, node.architecture]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
            </div>
            <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2 xl:grid-cols-3">
              <Bar node={node.name} what="Processor" amount={node.cpuMillis} format={formatCores} />
              <Bar node={node.name} what="Memory" amount={node.memoryBytes} format={formatMemory} />
              {node.gpus.total > 0 && (
                <Bar node={node.name} what="GPU" amount={node.gpus} format={(count) => String(count)} />
              )}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

type BarProps = {
  node: string;
  what: string;
  amount: NodeFound["cpuMillis"];
  format: (amount: number) => string;
};

function Bar({ node, what, amount: { total, free }, format }: BarProps) {
  const said = free === null ? `${format(total)} in all` : `${format(free)} of ${format(total)} free`;
  return (
    <div className="min-w-0">
      <p className="figures flex flex-wrap justify-between gap-x-2 text-small">
        <span>{what}</span>
        <span className="text-muted">{said}</span>
      </p>
      <div className="mt-1">
        {free === null ? (
          <p className="text-small text-faint">What is free may not be read.</p>
        ) : (
          <ProgressBar
            value={total === 0 ? 0 : (total - free) / total}
            label={`${what} of ${node} asked for`}
            text={said}
          />
        )}
      </div>
    </div>
  );
}
