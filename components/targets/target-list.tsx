import { CircleCheck, Clock } from "lucide-react";
import { Panel } from "#components/ui/panel.tsx";
import { Age } from "#components/ui/time.tsx";
import type { TargetView } from "#lib/targets/target-view.ts";

/** Each target: whether it can be used now, and what it offers. */
export function TargetList({ list }: { list: TargetView[] }) {
  return (
    <ul className="grid gap-4">
      {list.map((target) => (
        <li key={target.name} className="flex">
          <Panel title={target.title} className="flex-1">
            <p className="flex items-center gap-1.5">
              <Availability target={target} />
            </p>
            {target.reason && <p className="mt-1 break-words text-muted">{target.reason}</p>}
            <p className="mt-4 border-t pt-3">{target.does}</p>
            <p className="mt-2 text-muted">
              {target.imageRefusal
                ? "It serves the models of the catalogue; container images run in clusters."
                : "Container images run here."}
            </p>
            {target.checkedAt && (
              <p className="mt-3 text-small text-faint">
                Checked <Age at={target.checkedAt} suffix=" ago" />
              </p>
            )}
          </Panel>
        </li>
      ))}
    </ul>
  );
}

function Availability({ target }: { target: TargetView }) {
  if (target.available) {
    return (
      <>
        <CircleCheck aria-hidden className="size-4 text-ok" /> <span className="font-medium">Available</span>
      </>
    );
  }
  return (
    <>
      <Clock aria-hidden className="size-4 text-warn" />{" "}
      <span className="font-medium">Not available now</span>
    </>
  );
}
