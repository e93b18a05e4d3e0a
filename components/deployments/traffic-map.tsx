import Link from "next/link";
import { Globe, KeyRound, Network } from "lucide-react";
import { balancingWords } from "#components/deployments/balancing-words.ts";
import { loadBalancerSentence, loadBalancerTitle } from "#components/deployments/load-balancer-words.ts";
import { shares } from "#components/form/shares.ts";
import { cx } from "#components/ui/class-names.ts";
import { formatRate } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { ruleWords } from "#components/deployments/rule-words.ts";
import { findPreset } from "#lib/models/catalogue.ts";
import { notMeasured } from "#components/traffic/not-measured.tsx";
import type { DeploymentView, OperationView, SpecView } from "#lib/deployments/view.ts";
import { isTerminal } from "#lib/operations/status.ts";
import type { ReplicaView, ReplicaState } from "#lib/replicas/list.ts";
import { routes } from "#lib/routes.ts";

type Props = {
  deployment: DeploymentView;
  /** what callers are served by; null: nothing was deployed yet, and what was asked for is drawn */
  live: SpecView | null;
  replicas: ReplicaView[];
};

/** How a request gets to a replica: the load balancer, its rules, the variants' shares, and who is there. */
export function TrafficMap({ deployment, live, replicas }: Props) {
  const { traffic, endpoint } = deployment;
  const spec = live ?? deployment.spec;
  const parts = shares(spec.variants.map((variant) => variant.weight));
  const Access = spec.endpoint.access === "open" ? Globe : KeyRound;
  const flowing = (traffic.requestsPerSecond ?? 0) > 0;
  return (
    <Panel title="Load balancer and variants">
      {drawn(spec) !== drawn(deployment.spec) && <AskedOtherwise operation={deployment.operation} />}
      <div className="grid grid-cols-[minmax(0,1fr)] items-stretch gap-3 md:grid-cols-[minmax(0,15rem)_2rem_minmax(0,1fr)]">
        <div className="flex flex-col justify-center gap-1 rounded-md border bg-ground p-3">
          <p className="flex items-center gap-2 font-medium">
            <Network aria-hidden className="size-4 text-accent" />
            <span className="min-w-0 break-words">{loadBalancerTitle(spec)}</span>
          </p>
          {spec.target !== "local" && <p className="text-small text-muted">{loadBalancerSentence(spec)}</p>}
          <p className="text-small text-muted">{balancingWords(spec)}</p>
          <p className="flex items-center gap-1 text-small text-muted">
            <Access aria-hidden className="size-3.5 shrink-0" />
            <span className="min-w-0 break-all">
              {endpoint ? `${endpoint.ip}:${endpoint.port}` : "no address yet"}
            </span>
          </p>
          <p className="figures text-small text-muted">
            {traffic.requests === null
              ? `Requests ${notMeasured}`
              : `${formatRate(traffic.requestsPerSecond)} requests/s over the last minute`}
          </p>
        </div>
        <Pipes count={spec.variants.length} flowing={flowing} />
        <ul aria-label="Variants" className="grid min-w-0 auto-rows-fr grid-cols-[minmax(0,1fr)] gap-2">
          {spec.variants.map((variant, index) => (
            <li key={variant.name} className="min-w-0 rounded-md border bg-ground p-3">
              <p className="flex flex-wrap items-baseline gap-x-3">
                <span className="font-medium">{variant.name}</span>
                <span className="min-w-0 wrap-anywhere text-muted">
                  {"preset" in variant.model
                    ? (findPreset(variant.model.preset)?.title ?? variant.model.preset)
                    : variant.model.image}
                </span>
                <span className="figures ml-auto text-small text-muted">
                  {spec.variants.length > 1 && shareWords(variant.weight, parts[index] ?? 0)}
                </span>
              </p>
              <ReplicaDots replicas={replicas.filter((replica) => replica.variant === variant.name)} />
              <p className="figures mt-1 text-small text-faint">
                {[scalingWords(variant.scaling), resourceWords(variant.resources)]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
            </li>
          ))}
        </ul>
      </div>
      {spec.routing.rules.length > 0 && (
        <ol aria-label="Rules" className="mt-4 flex flex-col gap-1 border-t pt-3">
          {spec.routing.rules.map((rule, index) => (
            <li key={index} className="flex flex-wrap gap-x-2">
              <span className="figures text-faint">{index + 1}.</span>
              <span className="code min-w-0 break-all">{ruleWords(rule)}</span>
              <span className="text-muted">→ {rule.variant}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

/** What of a spec is drawn here. */
function drawn({
  target,
  routing,
  variants,
  endpoint: { access, gatewayClass, serviceType },
}: SpecView): string {
  return JSON.stringify({ target, routing, variants, access, gatewayClass, serviceType });
}

/** That what was asked for isn't what is drawn, and what became of it. */
function AskedOtherwise({ operation: { deploymentId, status } }: { operation: OperationView }) {
  return (
    <p role="status" className="mb-3 text-small text-warn">
      {isTerminal(status)
        ? "This is as it was last deployed in full. The change that was asked for since didn’t succeed and may be there in part: "
        : "This is as it was last deployed in full. A change of it is on its way: "}
      <Link href={routes.activity(deploymentId)} className="underline">
        see Activity
      </Link>
      .
    </p>
  );
}

/** To each variant a dash; beside one another only where the variants are. Dashes move only while requests do. */
function Pipes({ count, flowing }: { count: number; flowing: boolean }) {
  return (
    <div aria-hidden className="flex justify-center gap-2 md:flex-col md:justify-around">
      {Array.from({ length: count }, (_, index) => (
        <svg
          key={index}
          viewBox="0 0 32 8"
          className="h-2 w-8 shrink-0 self-center max-md:my-3 max-md:rotate-90 max-md:not-first:hidden"
        >
          <path
            d="M0 4h32"
            strokeWidth={2}
            strokeDasharray="6 6"
            className={flowing ? "animate-flow stroke-accent" : "stroke-line"}
          />
        </svg>
      ))}
    </div>
  );
}

/** A weight is a share of all of them: where they add up to 100 it is the share itself. */
function shareWords(weight: number, share: number): string {
  const percent = Math.round(share);
  return weight === percent ? `${percent} %` : `weight ${weight} · ${percent} %`;
}

const dots: Record<ReplicaState, string> = {
  ready: "bg-ok",
  starting: "bg-busy animate-pulse",
  restarting: "bg-warn animate-pulse",
  unhealthy: "bg-bad",
  draining: "border border-edge bg-transparent",
  stopped: "bg-line",
};

function ReplicaDots({ replicas }: { replicas: ReplicaView[] }) {
  if (replicas.length === 0) return <p className="mt-2 text-small text-faint">No replica runs.</p>;
  return (
    <ul className="mt-2 flex flex-wrap gap-1.5">
      {replicas.map((replica) => (
        <li
          key={replica.id}
          className="figures flex items-center gap-1.5 rounded-sm border bg-surface px-1.5 py-0.5 text-small"
        >
          <span aria-hidden className={cx("size-2 rounded-[2px]", dots[replica.state])} />#{replica.ordinal}{" "}
          {replica.state}
        </li>
      ))}
    </ul>
  );
}

function scalingWords(scaling: DeploymentView["spec"]["variants"][number]["scaling"]): string {
  const { minReplicas, maxReplicas, metric, targetInFlight, targetCpuPercent } = scaling;
  if (metric === "none" || minReplicas === maxReplicas) return `always ${minReplicas}`;
  const range = `${minReplicas} to ${maxReplicas}`;
  return metric === "cpu"
    ? `${range}, for ${targetCpuPercent} % use of the processor`
    : `${range}, ${targetInFlight} in flight per replica wanted`;
}

function resourceWords(resources: DeploymentView["spec"]["variants"][number]["resources"]): string {
  if (!resources) return "";
  const { cpu, memory, gpus } = resources;
  return `each with processor ${cpu}, memory ${memory}${gpus > 0 ? `, ${gpus} GPU` : ""}`;
}
