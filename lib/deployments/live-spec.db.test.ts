import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeployment } from "#lib/deployments/create.ts";
import { liveSpec } from "#lib/deployments/live-spec.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

test("what is live is what succeeded last, and not what was asked for since", async () => {
  const ada = await portal.person("Ada");
  const { id } = await createDeployment(ada, {
    name: "chat",
    target: "local",
    model: { preset: "sentiment" },
  });
  const algorithm = async () => (await liveSpec(ada, id))?.routing.algorithm;
  const ended = (status: string) =>
    portal.db.operation.updateMany({ where: { deploymentId: id, status: "queued" }, data: { status } });
  const changeTo = async (algorithm: "random" | "round-robin") => {
    portal.clock.move(1_000);
    await updateDeployment(ada, id, { routing: { algorithm } });
  };

  expect(await algorithm()).toBeUndefined();
  await ended("succeeded");
  expect(await algorithm()).toBe("least-connections");
  await changeTo("random");
  expect(await algorithm()).toBe("least-connections");
  await ended("failed");
  expect(await algorithm()).toBe("least-connections");
  await changeTo("round-robin");
  await ended("succeeded");
  expect(await algorithm()).toBe("round-robin");
  expect(await liveSpec(await portal.person("Grace"), id)).toBeNull();
});
