import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from "lucide-react";
import { toolTrouble, toolWords } from "#components/targets/tool-words.ts";
import { cx } from "#components/ui/class-names.ts";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { ProgressBar } from "#components/ui/progress-bar.tsx";
import { Age } from "#components/ui/time.tsx";
import type { ToolView } from "#lib/targets/list-tools.ts";

const sources: Record<string, string> = {
  cache: "from Sluice’s cache",
  path: "found on this machine",
  download: "downloaded and checked",
  build: "built from source",
  wheel: "from its Python package",
};

const looks = {
  missing: { Icon: CircleDashed, tone: "text-faint", word: "Not looked for yet" },
  obtaining: { Icon: LoaderCircle, tone: "text-busy animate-spin", word: "Being obtained" },
  ready: { Icon: CircleCheck, tone: "text-ok", word: "Ready" },
  failed: { Icon: CircleAlert, tone: "text-bad", word: "Missing" },
} satisfies Record<ToolView["status"], unknown>;

/** The programs that deployments need, and how far they are on the way here. */
export function ToolList({ list }: { list: ToolView[] }) {
  return (
    <Panel title="Tools" about="Fetched or built once, then kept" flush>
      <ul className="divide-y border-t">
        {list.map((tool) => (
          <Tool key={tool.name} tool={tool} />
        ))}
      </ul>
    </Panel>
  );
}

function Tool({ tool }: { tool: ToolView }) {
  const { Icon, tone, word } = looks[tool.status];
  const { title, does } = toolWords(tool.name);
  const { todo, said } = toolTrouble(tool);
  const from = tool.source ? (sources[tool.source] ?? tool.source) : null;
  return (
    <li className="flex flex-col gap-2 p-4">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="font-medium">{title}</h3>
        {tool.version && <span className="code text-muted">{tool.version}</span>}
        <span className="flex items-center gap-1.5 self-center">
          <Icon aria-hidden className={cx("size-4", tone)} />
          {word}
          {tool.status === "ready" && from && <span className="text-muted">{from}</span>}
        </span>
        {tool.updatedAt && (
          <span className="ml-auto text-small text-faint">
            <Age at={tool.updatedAt} suffix=" ago" />
          </span>
        )}
      </div>
      <p className="text-muted">{does}</p>
      {tool.status === "obtaining" && (
        <div className="flex flex-col gap-1">
          {tool.progress !== null && (
            <ProgressBar value={tool.progress} label={`${title} is being obtained`} />
          )}
          <p className="figures flex justify-between gap-4 text-small text-muted">
            <span className="min-w-0 break-words">
              {tool.step ?? "Looking for the nearest way to get it."}
            </span>
            {tool.progress !== null && <span>{Math.round(tool.progress * 100)} %</span>}
          </p>
          <p className="text-small text-faint">Deployments can be made meanwhile: they wait in the queue.</p>
        </div>
      )}
      {todo && (
        <p className={cx("text-small break-words", tool.status === "failed" ? "text-bad" : "text-muted")}>
          {todo}
          {tool.status === "failed" && " It is tried again every minute."}
        </p>
      )}
      {said && (
        <Disclosure title="What was said" className="text-small">
          <pre className="code break-words whitespace-pre-wrap text-muted">{said}</pre>
        </Disclosure>
      )}
    </li>
  );
}
