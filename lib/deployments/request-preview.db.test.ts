import { afterAll, beforeAll, expect, test } from "vitest";
import { requestPreview } from "#lib/deployments/request-preview.ts";
import { registerClusterForTest } from "#lib/targets/cluster-for-test.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;

beforeAll(async () => {
  portal = await testPortal();
  await registerClusterForTest(await portal.person("Ada", "admin"));
});
afterAll(() => portal.drop());

test("however many are asked for at once, a person has five previews under way, and others have theirs", async () => {
  const grace = await portal.person("Grace");
  const draft = { name: "chat", target: "prod", model: { image: "registry.example.org/chat:1" } };
  const asked = await Promise.allSettled(Array.from({ length: 9 }, () => requestPreview(grace, draft)));
  const refused = asked.filter((one) => one.status === "rejected");
  expect(refused).toHaveLength(4);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: "too_many" });
  expect(await portal.db.job.count({ where: { kind: "preview", requestedById: grace.userId } })).toBe(5);
  const other = await requestPreview(await portal.person("Edith"), draft);
  expect(other.job).toMatchObject({ kind: "preview", status: "queued" });
});
