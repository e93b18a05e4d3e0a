import { afterAll, beforeAll, expect, test } from "vitest";
import { GET } from "#app/api/v1/deployments/route.ts";
import { createApiKey } from "#lib/auth/api-keys.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { registerClusterForTest } from "#lib/targets/cluster-for-test.ts";
import { testOrigin, testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
let list: (target: string) => Promise<{ status: number; body: unknown }>;

beforeAll(async () => {
  portal = await testPortal();
  await registerClusterForTest(await portal.person("Root", "admin"));
  const ada = await portal.person("Ada");
  const { key } = await createApiKey(ada, { name: "k" });
  const model = { image: "registry.example.org/chat:1" };
  await createDeployment(ada, { name: "chat", target: "prod", model });
  list = async (target) => {
    const request = new Request(`${testOrigin}/api/v1/deployments?target=${target}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const answer = await GET(request, { params: Promise.resolve({}) });
    return { status: answer.status, body: await answer.json() };
  };
});
afterAll(() => portal.drop());

test.each([
  ["prod", ["chat"]],
  ["kubernetes", ["chat"]],
  ["local", []],
  ["gke", []],
])("a list that is narrowed to %s", async (target, names) => {
  expect(await list(target)).toMatchObject({ status: 200, body: { items: names.map((name) => ({ name })) } });
});

test("a target that isn't there is a problem of its field, not an empty list", async () => {
  expect(await list("prodd")).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          field: "target",
          message: 'There is no target "prodd". Choose one of: local, kubernetes, gke, prod.',
        },
      ],
    },
  });
});
