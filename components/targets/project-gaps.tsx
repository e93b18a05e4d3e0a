import { CircleAlert } from "lucide-react";
import { Todo } from "#components/targets/todo.tsx";
import { cx } from "#components/ui/class-names.ts";
import { Panel } from "#components/ui/panel.tsx";
import type { ProjectFindings, Trouble } from "#lib/targets/gke/findings.ts";
import { splitGaps } from "#lib/targets/gke/split-gaps.ts";

/** What is missing in a project that answered, each with what to do about it: first what stops every deployment. */
export function ProjectGaps({ findings }: { findings: ProjectFindings }) {
  if (findings.gaps.length === 0) return null;
  const { blocking, others } = splitGaps(findings);
  return (
    <Panel title="What is missing" about="Then check again" flush>
      <GapList gaps={blocking} tone="text-bad" />
      {others.length > 0 && (
        <>
          <h3 className="border-t bg-sunken px-4 py-2 text-small font-medium text-muted">
            Some deployments can do without
          </h3>
          <GapList gaps={others} tone="text-warn" />
        </>
      )}
    </Panel>
  );
}

function GapList({ gaps, tone }: { gaps: Trouble[]; tone: string }) {
  if (gaps.length === 0) return null;
  return (
    <ul className="divide-y border-t">
      {gaps.map(({ code, message, todo, link }) => (
        <li key={message} className="flex gap-3 p-4">
          <CircleAlert aria-hidden className={cx("mt-0.5 size-4 shrink-0", tone)} />
          <div className="min-w-0 flex-1">
            <p className="font-medium break-words">{message}</p>
            <div className="mt-1 text-muted">
              <Todo text={todo} link={link} />
            </div>
            <p className="code mt-2 text-faint">{code}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
