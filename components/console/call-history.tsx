import type { Outcome } from "#components/console/call.ts";
import { shortReplica } from "#components/traffic/request-table.tsx";
import { cx } from "#components/ui/class-names.ts";
import { formatLatency } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";

export type PastCall = { id: number; method: string; path: string; outcome: Outcome };

/** The calls of this visit, newest first; choosing one shows its answer again. */
export function CallHistory(props: {
  calls: PastCall[];
  shown: number | null;
  onShow: (id: number) => void;
}) {
  if (props.calls.length === 0) return null;
  return (
    <Panel title="Last calls" flush>
      <ul className="max-h-72 divide-y overflow-y-auto border-t">
        {props.calls.map((call) => (
          <li key={call.id}>
            <button
              type="button"
              aria-current={call.id === props.shown}
              onClick={() => props.onShow(call.id)}
              className={cx(
                "figures flex w-full items-center gap-3 px-4 py-2 text-left -outline-offset-2 hover:bg-sunken",
                call.id === props.shown && "bg-accent-soft",
              )}
            >
              <span className="w-10 font-medium">
                {call.outcome.kind === "refused" ? "–" : call.outcome.status}
              </span>
              <span className="code min-w-0 flex-1 truncate">
                {call.method} {call.path}
              </span>
              {call.outcome.kind !== "refused" && (
                <>
                  <span className="code text-muted">
                    {call.outcome.replica && shortReplica(call.outcome.replica)}
                  </span>
                  <span className="w-20 text-right text-muted">{formatLatency(call.outcome.totalMs)}</span>
                </>
              )}
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
