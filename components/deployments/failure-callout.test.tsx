import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { deploymentForTest } from "#components/deployments/deployment-for-test.ts";
import { FailureCallout } from "#components/deployments/failure-callout.tsx";
import type { DeploymentView } from "#lib/deployments/view.ts";

const said = (change: Partial<DeploymentView>) =>
  renderToStaticMarkup(<FailureCallout deployment={deploymentForTest({ status: "degraded", ...change })} />);

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
