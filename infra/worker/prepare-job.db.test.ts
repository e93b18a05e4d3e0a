import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WorkerContext } from "#infra/worker/context.ts";
import { prepareJob } from "#infra/worker/prepare-job.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { retryDeployment } from "#lib/deployments/retry.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { finish, type Outcome } from "#lib/operations/finish.ts";
import { handClock, stopped, success, take } from "#lib/operations/queue-for-test.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

test("which operation was the last isn't told by workers' clocks", async () => {
  const ada = await portal.person("Ada");
  const ctx = {
    ...portal,
    home: tmpdir(),
    stateUrl: "postgres://nowhere",
    newStackSecrets: () => Promise.resolve({ passphrase: "p", salt: "s" }),
  } as unknown as WorkerContext;
  const fast = handClock(new Date(portal.clock.now().getTime() + 3_600_000));
  const work = async (outcome: Outcome, clock = fast) => {
    const begun = (await take(portal.db, clock))!;
    const { job } = await prepareJob(ctx, begun, { path: "", version: "", pluginFolders: [] });
    await finish(portal.db, begun, outcome, clock);
    return job;
  };
  await createDeployment(ada, { name: "chat", target: "local", model: { preset: "sentiment" } });
  expect(await work(stopped)).toMatchObject({ isNew: true, mayBeDirty: false });
  await retryDeployment(ada, "chat");
  expect(await work(success, handClock(portal.clock.now()))).toMatchObject({
    isNew: false,
    mayBeDirty: true,
  });
  await updateDeployment(ada, "chat", { scaling: { minReplicas: 2 } });
  expect(await work(success)).toMatchObject({ isNew: false, mayBeDirty: false });
});
