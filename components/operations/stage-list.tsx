"use client";

import { Circle, CircleAlert, CircleCheck, CircleMinus, CircleSlash, LoaderCircle } from "lucide-react";
import type { StageLine, StageState } from "#components/operations/timeline.ts";
import { cx } from "#components/ui/class-names.ts";
import { formatDuration } from "#components/ui/format.ts";
import { Clock, useNow } from "#components/ui/time.tsx";
import type { StageDurations } from "#lib/operations/progress.ts";
import { stageAbout, stageTitle } from "#lib/operations/stages.ts";

const looks: Record<StageState, { Icon: typeof Circle; tone: string; word: string }> = {
  waiting: { Icon: Circle, tone: "text-edge", word: "waiting" },
  running: { Icon: LoaderCircle, tone: "text-busy animate-spin", word: "running" },
  done: { Icon: CircleCheck, tone: "text-ok", word: "done" },
  failed: { Icon: CircleAlert, tone: "text-bad", word: "failed" },
  stopped: { Icon: CircleSlash, tone: "text-muted", word: "stopped" },
  skipped: { Icon: CircleMinus, tone: "text-faint", word: "skipped" },
};

/** The stages of an operation, each with when it began and how long it took, or usually takes. */
export function StageList({ stages, learned }: { stages: readonly StageLine[]; learned: StageDurations }) {
  return (
    <ol aria-label="Stages" className="flex flex-col">
      {stages.map((line, index) => {
        const { Icon, tone, word } = looks[line.state];
        const about = aboutWords(line, learned);
        const idle = line.state === "waiting" || line.state === "skipped";
        return (
          <li key={line.stage} className="relative flex gap-3 pb-3 last:pb-0">
            {index < stages.length - 1 && (
              <span aria-hidden className="absolute top-5 bottom-0 left-[7px] w-px bg-line" />
            )}
            <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", tone)} />
            <div className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4">
              <span className={cx("min-w-0 flex-1", idle ? "text-faint" : "font-medium")}>
                {stageTitle[line.stage]}
                <span className="sr-only">: {word}</span>
                {about && <span className="ml-2 text-small font-normal text-faint">{about}</span>}
              </span>
              <span className="figures text-small text-faint">
                {line.startedAt && <Clock at={line.startedAt} />}
                <span className="ml-3 inline-block min-w-16 text-right text-muted">
                  <StageTime line={line} />
                </span>
              </span>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function StageTime({ line }: { line: StageLine }) {
  if (line.durationMs !== null) return formatDuration(line.durationMs);
  if (line.state === "running" && line.startedAt) return <Running since={line.startedAt} />;
  return line.state === "skipped" ? "skipped" : null;
}

/** What its title leaves open, and how long it takes by what earlier ones took, until it is known. */
function aboutWords({ stage, state, durationMs }: StageLine, learned: StageDurations): string {
  const usualMs = learned[stage];
  const isOpen = durationMs === null && (state === "waiting" || state === "running");
  const usual = isOpen && usualMs !== undefined ? `usually ${roughly(usualMs)}` : null;
  return [stageAbout[stage], usual].filter(Boolean).join(", ");
}

/** As exact as a guess is: `40 s`, `6 min`. */
function roughly(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function Running({ since }: { since: string }) {
  const now = useNow();
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  return (
    <span suppressHydrationWarning>
      {formatDuration(seconds * 1000)
        .replace(".0 s", " s")
        .replace("0 ms", "0 s")}
    </span>
  );
}
