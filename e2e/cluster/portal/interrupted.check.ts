import { expect, test } from "vitest";
import { adopted, beingDeployed } from "#e2e/cluster/portal/in-the-middle.ts";
import { ended, expectFailed, leavesNothing } from "#e2e/cluster/portal/in-trouble.ts";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { portalProcess } from "#e2e/portal/machine.ts";

test("the worker is killed in the middle of a deploy: interrupted, and a retry adopts what exists", async ({
  skip,
}) => {
  await using on = new OnCluster();
  const { own } = on.place;
  if (!own) return skip("needs images of the test cluster's own");
  const { deployment, uid } = await beingDeployed(on, own.echoImages[0]);
  process.kill(portalProcess("infra/worker/main.ts"), "SIGKILL");
  const stopped = await ended(on, deployment, deployment.operation.id);
  expectFailed(stopped, "interrupted", /The worker stopped in the middle of it\. Retry/);
  expect(stopped.operation.status).toBe("interrupted");
  await adopted(on, deployment, uid);
  await leavesNothing(on, deployment);
});
