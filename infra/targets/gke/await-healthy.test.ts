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

/** Answers each question with the next state; `null`: there are no pods. */
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
        return Promise.resolve(state ? { healthStatus: [{ healthState: state }] } : { kind: "any" });
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

test("after ten minutes it says what Google's checks say", async () => {
  const { api } = healthOf("UNHEALTHY");
  await expect(awaitHealthy(api, { project: "p", plan }, signal)).rejects.toMatchObject({
    code: "endpoint_failed",
    message: expect.stringContaining("b: UNHEALTHY, UNHEALTHY") as string,
  });
});

test("where there is no backend service there is nothing to wait for", async () => {
  const { api, asked } = healthOf("UNHEALTHY");
  await awaitHealthy(api, { project: "p", plan: [] }, signal);
  expect(asked).toEqual([]);
});
