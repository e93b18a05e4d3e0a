import * as z from "zod";
import { EngineError } from "#infra/engine/driver.ts";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** Google's health checks of pods that are ready go well within a minute or two. */
const withinMs = 10 * 60_000;
const pauseMs = 2_000;

type Backend = { name: string; groups: string[] };
/** What the checks say of the endpoints of each group that has some. */
type Health = { name: string; groups: { zone: string; states: string[] }[] };

const planned = z.object({
  name: z.string(),
  backends: z.array(z.object({ group: z.string() })),
});
const answer = z.looseObject({
  healthStatus: z.array(z.looseObject({ healthState: z.string().nullish() })).nullish(),
});

/**
 * Waits until Google's health checks find a pod of each backend service well, in every zone that has pods of it: before,
 * the load balancer hands requests to nobody, or none to a whole zone that no check gets through to.
 *
 * @throws EngineError `endpoint_failed` with what the checks say after ten minutes, by zone
 */
export async function awaitHealthy(
  api: Pick<GoogleApi, "request" | "pause">,
  { project, plan }: { project: string; plan: PlannedResource[] },
  signal: AbortSignal,
): Promise<void> {
  const backends = plan.filter(({ type }) => type === gkeTypes.backendService).map(backendOf);
  for (let waited = 0; ; waited += pauseMs) {
    const found = await Promise.all(backends.map((one) => healthOf(api, project, one, signal)));
    const ill = found.filter((one) => !isWell(one));
    if (ill.length === 0) return;
    if (waited >= withinMs) throw unhealthy(ill);
    await api.pause(pauseMs, signal);
  }
}

function backendOf({ inputs }: PlannedResource): Backend {
  const { name, backends } = planned.parse(inputs);
  return { name, groups: backends.map(({ group }) => group) };
}

async function healthOf(
  api: Pick<GoogleApi, "request">,
  project: string,
  { name, groups }: Backend,
  signal: AbortSignal,
): Promise<Health> {
  const path = `projects/${project}/global/backendServices/${name}/getHealth`;
  const ask = { service: "compute", method: "POST", isRead: true, path, signal } as const;
  const answers = await Promise.all(groups.map((group) => api.request({ ...ask, body: { group } })));
  const found = answers.map((one, index) => ({
    zone: zoneOf(groups[index]!),
    // One that is being taken away gets nothing new.
    states: (answer.parse(one).healthStatus ?? [])
      .map(({ healthState }) => healthState ?? "UNKNOWN")
      .filter((state) => state !== "DRAINING"),
  }));
  // A group without endpoints is of a zone that has no pods now: there is nothing to wait for.
  return { name, groups: found.filter(({ states }) => states.length > 0) };
}

function zoneOf(group: string): string {
  return /\/zones\/([^/]+)\//.exec(group)?.[1] ?? group;
}

function isWell({ groups }: Health): boolean {
  return groups.length > 0 && groups.every(isGroupWell);
}

function isGroupWell({ states }: Health["groups"][number]): boolean {
  return states.includes("HEALTHY");
}

function unhealthy(ill: Health[]): EngineError {
  const said = ill.flatMap(({ name, groups }) =>
    groups.length === 0
      ? [`${name} has no pods`]
      : groups
          .filter((group) => !isGroupWell(group))
          .map(({ zone, states }) => `${name} in ${zone}: ${states.join(", ")}`),
  );
  return new EngineError(
    "endpoint_failed",
    `All is made, but Google's health checks don't find a pod that is well in each zone: ${said.join("; ")}. See whether a firewall of the network's keeps 35.191.0.0/16 and 130.211.0.0/22 from the pods, then retry.`,
  );
}
