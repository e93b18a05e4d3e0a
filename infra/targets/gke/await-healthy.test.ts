import { expect, test } from "vitest";
import { awaitHealthy } from "#infra/targets/gke/await-healthy.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";

const signal = new AbortController().signal;
const zone = (name: string) =>
  `https://www.googleapis.com/compute/v1/projects/p/zones/${name}/networkEndpointGroups/b`;
const plan = [
  {
    type: gkeTypes.backendService,
    name: "backend-main",
    summary: "",
    inputs: { name: "b", backends: [{ group: zone("a") }, { group: zone("c") }] },
    dependsOn: [],
  },
];

/** Answers each question with the next states, those of one pod each; `null`: there are no pods. */
function healthOf(...states: (string | null)[]) {
  const asked: unknown[] = [];
  let pauses = 0;
  return {
    asked,
    pauses: () => pauses,
    api: {
      request: (request: unknown) => {
        asked.push(request);
        const state = states.length > 1 ? states.shift() : states[0];
        const healthStatus = state?.split(" ").map((healthState) => ({ healthState }));
        return Promise.resolve(healthStatus ? { healthStatus } : { kind: "any" });
      },
      pause: () => {
        pauses++;
        return Promise.resolve();
      },
    },
  };
}

test("it is asked again until a pod of each backend service is well, in whichever zone", async () => {
  const google = healthOf(null, null, "UNHEALTHY", null, "HEALTHY", null);
  await awaitHealthy(google.api, { project: "p", plan }, signal);
  expect(google.pauses()).toBe(2);
  expect(google.asked[1]).toMatchObject({
    method: "POST",
    path: "projects/p/global/backendServices/b/getHealth",
    body: { group: zone("c") },
  });
});

test("a zone whose pods are all unwell is waited for, though another zone's are well", async () => {
  const google = healthOf("HEALTHY", "UNHEALTHY UNHEALTHY", "HEALTHY", "UNHEALTHY HEALTHY");
  await awaitHealthy(google.api, { project: "p", plan }, signal);
  expect(google.pauses()).toBe(1);
});

test("one well pod of a zone suffices, and a zone without pods isn't waited for", async () => {
  const google = healthOf("UNHEALTHY HEALTHY", null);
  await awaitHealthy(google.api, { project: "p", plan }, signal);
  expect(google.pauses()).toBe(0);
});

test("a zone whose pods are all being taken away isn't waited for", async () => {
  const google = healthOf("HEALTHY", "DRAINING");
  await awaitHealthy(google.api, { project: "p", plan }, signal);
  expect(google.pauses()).toBe(0);
});

test("pods whose state Google doesn't know yet are waited for", async () => {
  const google = healthOf("HEALTHY", "UNKNOWN", "HEALTHY", "HEALTHY");
  await awaitHealthy(google.api, { project: "p", plan }, signal);
  expect(google.pauses()).toBe(1);
});

test("a second backend service is waited for too", async () => {
  const [first] = plan;
  const other = { ...first!, name: "backend-other", inputs: { ...first!.inputs, name: "c" } };
  const google = healthOf("HEALTHY", null, "UNHEALTHY", null, "HEALTHY");
  await awaitHealthy(google.api, { project: "p", plan: [first!, other] }, signal);
  expect(google.pauses()).toBe(1);
});

test("after ten minutes it says what Google's checks say", async () => {
  const { api } = healthOf("UNHEALTHY");
  await expect(awaitHealthy(api, { project: "p", plan }, signal)).rejects.toMatchObject({
    code: "endpoint_failed",
    message: expect.stringContaining("b in a: UNHEALTHY; b in c: UNHEALTHY. See") as string,
  });
});

test("it names the zones alone whose pods aren't well, or that there are no pods", async () => {
  const states = ["HEALTHY", "UNHEALTHY"];
  const { api } = healthOf(...Array.from({ length: 400 }, () => states).flat(), ...states);
  await expect(awaitHealthy(api, { project: "p", plan }, signal)).rejects.toMatchObject({
    message: expect.stringContaining("in each zone: b in c: UNHEALTHY. See") as string,
  });
  await expect(awaitHealthy(healthOf(null).api, { project: "p", plan }, signal)).rejects.toMatchObject({
    message: expect.stringContaining("b has no pods. See") as string,
  });
});

test("where there is no backend service there is nothing to wait for", async () => {
  const { api, asked } = healthOf("UNHEALTHY");
  await awaitHealthy(api, { project: "p", plan: [] }, signal);
  expect(asked).toEqual([]);
});
