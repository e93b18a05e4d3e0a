import { afterAll, beforeAll, expect, test } from "vitest";
import * as operations from "#app/api/v1/deployments/[idOrName]/operations/route.ts";
import { createApiKey } from "#lib/auth/api-keys.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { testOrigin, testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

test("a list of operations says whether there are older ones", async () => {
  const ada = await portal.person("Ada");
  const { key } = await createApiKey(ada, { name: "k" });
  const { id } = await createDeployment(ada, {
    name: "busy",
    target: "local",
    model: { preset: "sentiment" },
  });
  portal.clock.move(1_000);
  await updateDeployment(ada, id, { endpoint: { access: "open" } });
  const list = async (limit: number) => {
    const request = new Request(`${testOrigin}/api/v1/deployments/${id}/operations?limit=${limit}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const answer = await operations.GET(request, { params: Promise.resolve({ idOrName: id }) });
    const { items, more } = (await answer.json()) as { items: { kind: string }[]; more: boolean };
    return [items.map((item) => item.kind), more];
  };
  expect(await list(1)).toEqual([["update"], true]);
  expect(await list(2)).toEqual([["update", "deploy"], false]);
});
