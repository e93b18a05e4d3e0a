import { expect, test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import { whatIsLeft } from "#e2e/cluster/portal/what-is-left.ts";

test.skipIf(!hasCloud).each([
  ["open, so Google routes", { endpoint: { access: "open" } }],
  ["with keys, so HAProxy routes", { endpoint: { access: "private" } }],
])("deployed, called through the address, torn down to nothing: %s", async (_, input) => {
  await using on = await OnGoogle.open();
  const deployment = await on.deploy(input);
  expect(deployment.endpoint.url).toMatch(/^http:\/\/203\.0\.113\.\d+$/);
  expect((await on.call(deployment)).status).toBe(200);
  if (input.endpoint.access === "private") {
    expect((await on.call(deployment, { authorization: "Bearer no" })).status).toBe(401);
  }
  expect(await on.left()).not.toEqual([]);
  await on.staysAsItIs(deployment);
  const gone = await on.destroy(deployment);
  expect(gone).toMatchObject({ status: "destroyed", receipt: { remaining: [] } });
  expect(await on.left()).toEqual([]);
  expect(await whatIsLeft(on, deployment)).toEqual([]);
});
