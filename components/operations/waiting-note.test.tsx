import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { WaitingNote } from "#components/operations/waiting-note.tsx";
import { toolForTest } from "#components/targets/tool-for-test.ts";
import type { RecordedEvent } from "#lib/operations/events.ts";

const told: RecordedEvent[] = [
  {
    seq: 1,
    attempt: 1,
    at: "2026-11-23T04:54:27.000Z",
    kind: "log",
    level: "info",
    source: "worker",
    text: "It waits for the engine.",
  },
];

describe("what a queued operation waits for", () => {
  it("is its turn where nothing is missing", () => {
    expect(renderToStaticMarkup(<WaitingNote events={[]} missing={null} />)).toContain("as soon as its turn");
  });

  it("is what the worker said, with how far that is", () => {
    const missing = toolForTest({ status: "obtaining", step: "Downloading", progress: 0.4 });
    const words = renderToStaticMarkup(<WaitingNote events={told} missing={missing} />);
    expect(words).toContain("It waits for the engine.");
    expect(words).toContain("Downloading, 40 %");
  });

  it("is said to be stuck where that can't be had, with what to do, and when it is tried again", () => {
    const missing = toolForTest({ status: "failed", message: "Put it on PATH.\nerror: all 5 attempts" });
    for (const events of [[], told]) {
      const words = renderToStaticMarkup(<WaitingNote events={events} missing={missing} />);
      expect(words).toContain("It can’t begin: Pulumi’s Kubernetes plugin is missing");
      expect(words).toContain("Put it on PATH. An admin must mend that. It is tried again every minute");
      expect(words).not.toContain("5 attempts");
      expect(words).toContain('href="/targets"');
    }
  });
});
