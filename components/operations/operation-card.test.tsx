import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { deploymentForTest } from "#components/deployments/deployment-for-test.ts";
import { OperationCard } from "#components/operations/operation-card.tsx";
import type { RecordedEvent } from "#lib/operations/events.ts";
import { usualDurations } from "#lib/operations/usual-durations.ts";

const circumstances = { target: "local", cluster: null, layer: 7 } as const;
const message = "Another program listens on port 9001.";
const ended: RecordedEvent = {
  seq: 1,
  attempt: 1,
  at: "2026-01-02T03:04:05.000Z",
  kind: "ended",
  status: "failed",
  code: "port_taken",
  message,
};

function card(told: string | null): string {
  const operation = { ...deploymentForTest().operation, status: "failed" } as const;
  const cancel = () => Promise.reject(new Error("Nobody cancels here."));
  const rest = {
    learned: {},
    usual: usualDurations(operation.kind, circumstances),
    missing: null,
    cancel,
    told,
  };
  return renderToStaticMarkup(<OperationCard operation={operation} events={[ended]} {...rest} />);
}

it("why it failed stands in the card, with its code", () => {
  expect(card(null)).toContain(message);
  expect(card("Something else.")).toContain(message);
  expect(card(null)).toContain("port_taken");
});

it("what the callout above says already isn't said again", () => {
  expect(card(message)).not.toContain(message);
  expect(card(message)).toContain("Why is said above.");
  expect(card(message)).toContain("port_taken");
});
