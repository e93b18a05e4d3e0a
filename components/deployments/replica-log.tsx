"use client";

import { useEffect, useRef, useState } from "react";
import { replicasToChoose } from "#components/deployments/replicas-to-choose.ts";
import { controlClass } from "#components/ui/field.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Clock } from "#components/ui/time.tsx";
import { shortReplica } from "#components/traffic/request-table.tsx";
import type { LogLineView } from "#lib/replicas/list-log-lines.ts";

/** The last lines that the replicas wrote; follows the newest until the person scrolls up. */
export function ReplicaLog({ lines }: { lines: LogLineView[] }) {
  const [only, setOnly] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const shown = only ? lines.filter((line) => line.replicaId === only) : lines;
  const replicas = replicasToChoose(lines, only);
  const newest = shown.at(-1)?.id;
  useEffect(() => {
    if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight;
  }, [newest]);
  return (
    <Panel
      title="Replica logs"
      actions={
        replicas.length > 0 && (
          <select
            aria-label="Replica"
            value={only}
            onChange={(event) => setOnly(event.target.value)}
            className={controlClass}
          >
            <option value="">All replicas</option>
            {replicas.map((replica) => (
              <option key={replica} value={replica}>
                {shortReplica(replica)}
              </option>
            ))}
          </select>
        )
      }
      flush
    >
      {shown.length === 0 ? (
        <Nothing of={only} />
      ) : (
        <div
          ref={box}
          tabIndex={0}
          role="log"
          aria-label="Replica logs"
          aria-live="off"
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            follows.current = scrollHeight - scrollTop - clientHeight < 16;
          }}
          className="code max-h-80 overflow-auto border-t bg-sunken p-3 leading-5"
        >
          {shown.map((line) => (
            <p key={line.id} className="flex gap-x-3 max-sm:flex-wrap max-sm:pb-2">
              <span className="shrink-0 text-faint select-none">
                <Clock at={line.at} />
              </span>
              <span className="shrink-0 text-muted select-none">{shortReplica(line.replicaId)}</span>
              <span className="min-w-0 break-words whitespace-pre-wrap max-sm:basis-full">{line.line}</span>
            </p>
          ))}
        </div>
      )}
    </Panel>
  );
}

/** Why there is no line: of one replica there may have been some, which made room for newer ones of others. */
function Nothing({ of }: { of: string }) {
  return of === "" ? (
    <EmptyState title="Nothing written yet">What the replicas write to their output shows here.</EmptyState>
  ) : (
    <EmptyState title={`Nothing of ${shortReplica(of)} among the newest lines`}>
      Choose another replica, or all of them.
    </EmptyState>
  );
}
