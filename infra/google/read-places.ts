import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { listAll, listEverywhere } from "#infra/google/list-all.ts";
import type { ProjectFindings } from "#lib/targets/gke/findings.ts";
import type { Quota } from "#lib/targets/gke/quota.ts";

const quotas = z.array(
  z.looseObject({ metric: z.string(), limit: z.number(), usage: z.number().default(0) }),
);
const computeProject = z.looseObject({
  quotas: quotas.default([]),
  defaultServiceAccount: z.string().nullish(),
});
const region = z.looseObject({ quotas: quotas.default([]), zones: z.array(z.string()).default([]) });
const machineType = z.looseObject({
  name: z.string(),
  guestCpus: z.number(),
  memoryMb: z.number(),
  deprecated: z.unknown().optional(),
});
const acceleratorType = z.looseObject({
  name: z.string(),
  description: z.string().nullish(),
  maximumCardsPerInstance: z.number().nullish(),
});
const placed = z.looseObject({ name: z.string(), zone: z.string() });

type Asked = { project: string; signal?: AbortSignal };

/** Quotas of the project as a whole, and whom its machines act as where nobody says. */
export async function readComputeProject(api: GoogleApi, { project, signal }: Asked) {
  const found = computeProject.parse(
    await api.request({ service: "compute", path: `projects/${project}`, signal }),
  );
  return {
    quotas: found.quotas.map((each) => toQuota(each, null)),
    defaultAccount: found.defaultServiceAccount ?? null,
  };
}

/** A region's quotas and zones; null: there is no such region. */
export async function readRegion(api: GoogleApi, name: string, { project, signal }: Asked) {
  const path = `projects/${project}/regions/${encodeURIComponent(name)}`;
  const answer = await api.find({ service: "compute", path, signal });
  if (!answer) return null;
  const found = region.parse(answer);
  return {
    quotas: found.quotas.map((each) => toQuota(each, name)),
    zones: found.zones.map((link) => link.split("/").at(-1)!).toSorted(),
  };
}

function toQuota(
  { metric, limit, usage }: { metric: string; limit: number; usage: number },
  where: string | null,
): Quota {
  return { metric, region: where, limit, used: usage };
}

/** The machines that can be had in some zones, and where; those that Google is about to end are left out. */
export async function readMachineTypes(
  api: GoogleApi,
  zones: readonly string[],
  asked: Asked,
): Promise<NonNullable<ProjectFindings["machineTypes"]>> {
  const found = await inEachZone(api, "machineTypes", zones, asked, machineType);
  return byName(found.filter(({ thing }) => thing.deprecated === undefined)).map(
    ({ thing, zones: places }) => ({
      name: thing.name,
      cpus: thing.guestCpus,
      memoryMb: thing.memoryMb,
      zones: places,
    }),
  );
}

/** The GPUs that can be had in some zones, and where. */
export async function readAccelerators(
  api: GoogleApi,
  zones: readonly string[],
  asked: Asked,
): Promise<NonNullable<ProjectFindings["accelerators"]>> {
  const found = await inEachZone(api, "acceleratorTypes", zones, asked, acceleratorType);
  return byName(found).map(({ thing, zones: places }) => ({
    name: thing.name,
    title: thing.description ?? thing.name,
    most: thing.maximumCardsPerInstance ?? 1,
    zones: places,
  }));
}

/** The zones, anywhere, that have a machine or a GPU of this name. */
export async function whereIs(
  api: GoogleApi,
  kind: "machineTypes" | "acceleratorTypes",
  name: string,
  { project, signal }: Asked,
): Promise<string[]> {
  const found = await listEverywhere(api, { project, kind, filter: `name = "${name}"`, signal });
  const zones = found
    .map((each) => placed.parse(each))
    .filter((each) => each.name === name)
    .map(({ zone }) => zone.split("/").at(-1)!);
  return [...new Set(zones)].toSorted();
}

type InZone<T> = { zone: string; thing: T };

async function inEachZone<T>(
  api: GoogleApi,
  kind: "machineTypes" | "acceleratorTypes",
  zones: readonly string[],
  { project, signal }: Asked,
  schema: z.ZodType<T>,
): Promise<InZone<T>[]> {
  const lists = await Promise.all(
    zones.map(async (zone) => {
      const path = `projects/${project}/zones/${encodeURIComponent(zone)}/${kind}`;
      const all = await listAll(api, { service: "compute", path, query: { maxResults: "500" }, signal });
      return all.map((each) => ({ zone, thing: schema.parse(each) }));
    }),
  );
  return lists.flat();
}

function byName<T extends { name: string }>(found: InZone<T>[]): { thing: T; zones: string[] }[] {
  const names = Map.groupBy(found, ({ thing }) => thing.name);
  return [...names.values()].map((all) => ({ thing: all[0]!.thing, zones: all.map(({ zone }) => zone) }));
}
