import { expect, inject, test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import { whatIsLeft } from "#e2e/cluster/portal/what-is-left.ts";

const scaling = { minReplicas: 1, metric: "none" };

/** As many as a deployment may have: each has steps that go on only while others do. */
const eightVariants = Array.from({ length: 8 }, (_, index) => ({
  name: `v${index + 1}`,
  weight: 1,
  model: { image: inject("place")?.own?.echoImages[0], port: 8080, healthPath: "/healthz" },
  scaling,
  resources: { cpu: "10m", memory: "32Mi" },
}));

test.skipIf(!hasCloud).each([
  [
    "open, so Google routes, with eight variants",
    { endpoint: { access: "open" }, variants: eightVariants },
    { variants: eightVariants },
  ],
  ["with keys, so HAProxy routes", { endpoint: { access: "private" } }, { scaling }],
])("deployed, called through the address, torn down to nothing: %s", async (_, input, same) => {
  await using on = await OnGoogle.open();
  const deployment = await on.deploy(input);
  expect(deployment.endpoint.url).toMatch(/^http:\/\/203\.0\.113\.\d+$/);
  expect((await on.call(deployment)).status).toBe(200);
  if (input.endpoint.access === "private") {
    expect((await on.call(deployment, { authorization: "Bearer no" })).status).toBe(401);
  }
  expect(await on.left()).not.toEqual([]);
  await on.staysAsItIs(deployment, same);
  const gone = await on.destroy(deployment);
  expect(gone).toMatchObject({ status: "destroyed", receipt: { remaining: [] } });
  expect(await on.left()).toEqual([]);
  expect(await whatIsLeft(on, deployment)).toEqual([]);
});
