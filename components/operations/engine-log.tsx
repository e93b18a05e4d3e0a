"use client";

import { useEffect, useRef, useState } from "react";
import type { LogLine } from "#components/operations/timeline.ts";
import { cx } from "#components/ui/class-names.ts";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { Clock } from "#components/ui/time.tsx";

const tones: Record<LogLine["level"], string> = {
  debug: "text-faint",
  info: "text-ink",
  warning: "text-warn",
  error: "text-bad",
};

/** What the engine said. It follows the newest line until the person scrolls up. */
export function EngineLog({ lines, live }: { lines: readonly LogLine[]; live: boolean }) {
  const [open, setOpen] = useState(live);
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines.length, open]);
  return (
    <Disclosure
      title="Engine log"
      summary={`${lines.length} ${lines.length === 1 ? "line" : "lines"}`}
      open={open}
      onToggle={setOpen}
    >
      <div
        ref={box}
        tabIndex={0}
        role="log"
        aria-label="Engine log"
        aria-live="off"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < 16;
        }}
        className="code max-h-72 overflow-auto rounded-md border bg-sunken p-3 leading-5"
      >
        {lines.length === 0 && (
          <p className="text-faint">{live ? "Nothing said yet." : "It said nothing."}</p>
        )}
        {lines.map((line) => (
          <p key={line.seq} className="flex gap-3">
            <span className="shrink-0 text-faint select-none">
              <Clock at={line.at} />
            </span>
            {line.level !== "info" && line.level !== "debug" && (
              <span className={cx("shrink-0 font-medium", tones[line.level])}>{line.level}</span>
            )}
            <span className={cx("min-w-0 break-words whitespace-pre-wrap", tones[line.level])}>
              {line.text}
            </span>
          </p>
        ))}
      </div>
    </Disclosure>
  );
}
