import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { deploymentForTest } from "#components/deployments/deployment-for-test.ts";
import { FailureCallout } from "#components/deployments/failure-callout.tsx";
import type { DeploymentView } from "#lib/deployments/view.ts";

const said = (change: Partial<DeploymentView>) =>
  renderToStaticMarkup(<FailureCallout deployment={deploymentForTest({ status: "degraded", ...change })} />);

describe("of a deployment that failed", () => {
  const failing = (statusCode: DeploymentView["statusCode"], statusMessage: string) => {
    const operation = { ...deploymentForTest().operation, status: "failed" } as const;
    const targetKind = "local";
    return said({ status: "failed", endpoint: null, statusCode, statusMessage, operation, targetKind });
  };
  const left = "This exists and is used by a retry, or goes with a tear-down: Model server main.";

  it("what happened, what to do and what exists stand there once each, with the way to the settings", () => {
    const words = failing("port_taken", `Another program listens on port 9001. Stop it. ${left}`);
    const [title, ...lines] = [...words.matchAll(/<p[^>]*>(.*?)<\/p>/g)].map(([, line]) =>
      line!.replace(/<[^>]+>/g, ""),
    );
    expect(title).toBe("Another program listens on port 9001.");
    expect(lines).toEqual([
      "Stop it.",
      "The port is under Settings, in Endpoint; or retry once it is free.",
      left,
      "port_taken",
    ]);
    expect(words).toMatch(/href="\/deployments\/dep-0123456789ab\/settings"[^>]*>Change the settings/);
  });

  it("lines of output aren't run together with what exists", () => {
    expect(failing("start_failed", `It ended. \nError: no model ${left}`)).toMatch(/Error: no model<\/pre>/);
  });

  it("the settings aren't pushed where they aren't at fault", () => {
    expect(failing("engine_failed", `The engine ended. ${left}`)).not.toContain("Change the settings");
  });

  it("where the message doesn't say what exists, the deployment does", () => {
    expect(failing("leftovers", "This is still there.")).toContain("Still there: 2 replicas.");
  });
});

it("what a tear-down left is on the receipt, which it leads to", () => {
  const receipt = { created: [], deleted: [], remaining: [], checkedAt: "2026-01-02T03:04:05.000Z" };
  const words = said({
    status: "failed",
    statusCode: "leftovers",
    statusMessage: "3 things are left.",
    receipt,
  });
  expect(words).toMatch(/href="\/deployments\/dep-0123456789ab#receipt"[^>]*>the receipt</);
});

describe("of a deployment that is short of replicas", () => {
  it("it is said that it serves while one is ready", () => {
    expect(said({ replicas: { desired: 2, ready: 1 } })).toContain("It serves, but not with all");
  });

  it("it isn't said that it serves where none is", () => {
    const words = said({ replicas: { desired: 2, ready: 0 } });
    expect(words).toContain("It doesn’t serve: no replica is ready");
    expect(words).not.toContain("It serves, but");
  });

  it("nor where another program has its port", () => {
    const words = said({ replicas: { desired: 2, ready: 2 }, statusCode: "port_taken", targetKind: "local" });
    expect(words).toContain("It can’t be reached: its port is taken");
    expect(words).toContain("Choose another port");
  });

  it("what to do stands there, without the retry that there is no button for", () => {
    const words = said({ replicas: { desired: 2, ready: 1 }, statusCode: "no_node_fits" });
    expect(words).toContain("have a node added");
    expect(words).toContain("no_node_fits");
    expect(words).not.toMatch(/retry/i);
  });

  it("after a change that failed and left none ready, it isn't said to go on", () => {
    const operation = { ...deploymentForTest().operation, status: "failed", kind: "update" } as const;
    expect(said({ operation, replicas: { desired: 2, ready: 0 } })).toContain(
      "None of its replicas is ready.",
    );
  });
});
