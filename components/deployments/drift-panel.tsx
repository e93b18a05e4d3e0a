"use client";

import { CircleCheck, Hammer, RefreshCw, TriangleAlert } from "lucide-react";
import { resourceWord } from "#lib/targets/resource-words.ts";
import { Button } from "#components/ui/button.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Age } from "#components/ui/time.tsx";
import { useAct, type Answer } from "#components/ui/use-act.ts";
import type { DriftView } from "#lib/deployments/drift.ts";
import { resourceKey } from "#lib/targets/plan.ts";

export type LookForDrift = (deploymentId: string) => Promise<Answer>;
export type Repair = (deploymentId: string) => Promise<Answer>;

type Props = {
  deploymentId: string;
  drift: DriftView;
  /** nothing is under way, and the last operation succeeded */
  settled: boolean;
  look: LookForDrift;
  repair: Repair;
};

/** Whether what is in the cluster is what was declared, and what was changed or deleted by hand. */
export function DriftPanel({ deploymentId, drift, settled, look, repair }: Props) {
  const looking = useAct();
  const repairing = useAct();
  const { checkedAt, items, trouble, checking } = drift;
  return (
    <Panel
      title="What is and what should be"
      about={
        checkedAt && (
          <>
            Compared <Age at={checkedAt} suffix=" ago" />
          </>
        )
      }
      actions={
        <>
          <Button
            size="small"
            disabled={!settled || checking}
            pending={looking.pending || checking}
            onClick={() => looking.act(() => look(deploymentId))}
            icon={<RefreshCw aria-hidden className="size-4" />}
          >
            Look again
          </Button>
          {items.length > 0 && (
            <Button
              size="small"
              look="primary"
              disabled={!settled}
              pending={repairing.pending}
              onClick={() => repairing.act(() => repair(deploymentId), "It is being put right.")}
              icon={<Hammer aria-hidden className="size-4" />}
            >
              Put it right
            </Button>
          )}
        </>
      }
    >
      {trouble && (
        <p className="mb-2 text-muted">
          The last look, <Age at={trouble.at} suffix=" ago" />, saw nothing: {trouble.message}
        </p>
      )}
      {items.length > 0 ? <Items items={items} /> : <Calm drift={drift} settled={settled} />}
    </Panel>
  );
}

function Items({ items }: Pick<DriftView, "items">) {
  return (
    <>
      <p className="flex items-center gap-2 font-medium text-warn">
        <TriangleAlert aria-hidden className="size-4 shrink-0" />
        {items.length === 1 ? "One thing was" : `${items.length} things were`} changed by hand
      </p>
      <ul className="mt-2 flex flex-col gap-2">
        {items.map((item) => (
          <li key={resourceKey(item)} className="min-w-0">
            <p className="flex items-baseline gap-2">
              <span className="font-medium">{resourceWord(item.type)}</span>
              <span className="code truncate text-faint">{item.name}</span>
            </p>
            <p className="text-small break-words text-muted">{item.what}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Calm({ drift: { checkedAt, trouble, checking }, settled }: Pick<Props, "drift" | "settled">) {
  if (checkedAt && !trouble) {
    return (
      <p className="flex items-center gap-2">
        <CircleCheck aria-hidden className="size-4 shrink-0 text-ok" />
        In line: the cluster has all of it as it was declared.
      </p>
    );
  }
  if (trouble) return null;
  if (!settled) return <p className="text-muted">It is compared once the operation has ended well.</p>;
  return (
    <p className="text-muted">
      {checking ? "The cluster is being asked." : "Nobody has looked since the last change."}
    </p>
  );
}
