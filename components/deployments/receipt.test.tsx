import { renderToStaticMarkup } from "react-dom/server";
import { expect, it, vi } from "vitest";
import { deploymentForTest } from "#components/deployments/deployment-for-test.ts";
import { Receipt } from "#components/deployments/receipt.tsx";
import type { Receipt as ReceiptData } from "#lib/deployments/view.ts";

vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh: () => {} }) }));

const at = "2026-01-02T03:04:05.000Z";
const words = (targetKind: "gke" | "kubernetes", remaining: ReceiptData["remaining"]) => {
  const receipt = { created: [], deleted: [], remaining, checkedAt: at };
  const deployment = deploymentForTest({ targetKind, status: "destroyed", destroyedAt: at });
  return renderToStaticMarkup(<Receipt deployment={deployment} receipt={receipt} />);
};

it("says of a Google project what was looked for, and that nothing costs anything any more", () => {
  expect(words("gke", [])).toContain("nothing of it costs anything any more");
  expect(words("kubernetes", [])).toContain("No object of it in the cluster");
});

it("says of what was forgotten there that it goes on costing", () => {
  const left = words("gke", [{ kind: "object", what: "GKE cluster sluice-dep-1" }]);
  expect(left).toContain("costs what it costs, until somebody deletes it there");
  expect(left).toContain("GKE cluster sluice-dep-1");
});

it("has what a tear-down left removed from there, with what it costs until then", () => {
  const what = "Disk pvc-1 in us-central1-a: $0.003 an hour, $2.00 a month";
  const receipt = { created: [], deleted: [], remaining: [{ kind: "object" as const, what }], checkedAt: at };
  const deployment = deploymentForTest({ targetKind: "gke", status: "failed", statusCode: "leftovers" });
  const retry = () => Promise.reject(new Error("Nobody presses a button here."));
  const shown = renderToStaticMarkup(<Receipt {...{ deployment, receipt, retry }} />);
  expect(shown).toContain(what);
  expect(shown).toContain("costs what is said until it is removed");
  expect(shown).toMatch(/<button(?:(?!<button).)*Remove what is left/);
  expect(words("gke", [{ kind: "object", what }])).not.toContain("Remove what is left");
});
