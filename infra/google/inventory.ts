import * as z from "zod";
import type { GoogleApi, GoogleRequest } from "#infra/google/api-client.ts";
import { disabledApi } from "#infra/google/explain-trouble.ts";
import { GoogleError } from "#infra/google/google-error.ts";
import { listAll, listEverywhere } from "#infra/google/list-all.ts";
import { kinds, type Kind } from "#infra/google/leftover-kinds.ts";
import { isOfGke, isOurs, type Own, type Thing } from "#lib/targets/gke/leftover-owner.ts";
import { leftoverPrice } from "#lib/targets/gke/leftover-price.ts";
import { mainName, staticBucketName } from "#lib/targets/gke/names.ts";
import { regionOf } from "#lib/targets/gke/region-of.ts";

/** Something of a deployment's that is in a project. */
export type Leftover = {
  kind: Kind;
  name: string;
  /** a zone, a region, or `everywhere` */
  place: string;
  at: Pick<GoogleRequest, "service" | "path">;
  /** US dollars an hour while it is there; null: unknown */
  usdPerHour: number | null;
};

type Asked = { project: string; deploymentId: string; signal?: AbortSignal };

const thing = z.looseObject({
  name: z.string(),
  selfLink: z.string().nullish(),
  /** a cluster's */
  location: z.string().nullish(),
  description: z.string().nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
  resourceLabels: z.record(z.string(), z.string()).nullish(),
  network: z.string().nullish(),
  // Only a price hangs on these, and another kind may have something else under the same name.
  status: z.string().nullish().catch(null),
  machineType: z.string().nullish().catch(null),
  scheduling: z.looseObject({ provisioningModel: z.string().nullish() }).nullish().catch(null),
  networkInterfaces: z
    .array(z.looseObject({ accessConfigs: z.array(z.unknown()).nullish() }))
    .nullish()
    .catch(null),
  type: z.string().nullish().catch(null),
  sizeGb: z.coerce.number().nullish().catch(null),
});
type Found = z.infer<typeof thing>;

/**
 * Everything of a deployment that is in a project, over all kinds that its plan or GKE's controllers make. What can't be
 * told to be its own is left out.
 *
 * @throws GoogleError, GoogleUnreachable or TokenError: then it isn't known
 */
export async function findLeftovers(api: GoogleApi, asked: Asked): Promise<Leftover[]> {
  const { deploymentId } = asked;
  const lists = await Promise.all(
    kinds.map(async (kind) => ({ kind, all: await listKind(api, kind, asked) })),
  );
  const own = ownOf(lists, deploymentId);
  return lists.flatMap(({ kind, all }) =>
    all
      .filter((one) => isOurs(one, deploymentId) || (kind.isOfGke && isOfGke(one, deploymentId, own)))
      .map((one) => toLeftover(kind, one, asked.project)),
  );
}

/** What names alone don't tell: whether the network and the cluster that have our name are ours. */
function ownOf(lists: { kind: Kind; all: Thing[] }[], deploymentId: string): Own {
  const main = mainName(deploymentId);
  const called = (plural: string) =>
    lists.find(({ kind }) => kind.plural === plural)!.all.filter(({ name }) => name === main);
  return {
    hasNetwork: called("networks").some((one) => isOurs(one, deploymentId)),
    hasForeignCluster: called("clusters").some((one) => !isOurs(one, deploymentId)),
  };
}

async function listKind(
  api: GoogleApi,
  kind: Kind,
  { project, deploymentId, signal }: Asked,
): Promise<Found[]> {
  const { plural } = kind;
  try {
    return z.array(thing).parse(await ask());
  } catch (error) {
    // Of an API that isn't enabled there is nothing.
    if (error instanceof GoogleError && disabledApi(error)) return [];
    throw error;
  }

  async function ask(): Promise<unknown[]> {
    switch (kind.listed) {
      case "everywhere":
        return listEverywhere(api, { project, kind: plural, signal });
      case "globally":
        return listAll(api, { service: "compute", path: `projects/${project}/global/${plural}`, signal });
      case "clusters": {
        const path = `projects/${project}/locations/-/clusters`;
        return listAll(api, { service: "container", path, signal }, "clusters");
      }
      case "buckets": {
        // By its one name: an account that was never to serve static files may not list them.
        const path = `b/${encodeURIComponent(staticBucketName(deploymentId))}`;
        const found = await api.find({ service: "storage", path, signal });
        return found ? [found] : [];
      }
    }
  }
}

function toLeftover(kind: Kind, found: Found, project: string): Leftover {
  const place = placeOf(kind, found);
  const region = place === "everywhere" ? null : regionOf(place);
  return {
    kind,
    name: found.name,
    place,
    at: atOf(kind, found, project),
    usdPerHour: leftoverPrice({ kind: kind.plural, region, ...priced(found) }),
  };
}

function placeOf(kind: Kind, { location, selfLink }: Found): string {
  if (kind.listed === "buckets") return (location ?? "").toLowerCase() || "everywhere";
  return location ?? /\/(?:zones|regions)\/([^/]+)\//.exec(selfLink ?? "")?.[1] ?? "everywhere";
}

function atOf(kind: Kind, { name, location, selfLink }: Found, project: string): Leftover["at"] {
  if (kind.listed === "buckets") return { service: "storage", path: `b/${encodeURIComponent(name)}` };
  if (kind.listed === "clusters")
    return { service: "container", path: `projects/${project}/locations/${location}/clusters/${name}` };
  const link = selfLink ?? "";
  return { service: "compute", path: link.slice(link.indexOf("/projects/") + 1) };
}

function priced({ machineType, scheduling, networkInterfaces, type, sizeGb, status }: Found) {
  const last = (link: string) => link.split("/").at(-1)!;
  return {
    ...(machineType && { machineType: last(machineType) }),
    isSpot: scheduling?.provisioningModel === "SPOT",
    hasAddress: (networkInterfaces ?? []).some(({ accessConfigs }) => (accessConfigs ?? []).length > 0),
    ...(type && sizeGb && { disk: { type: last(type), gigabytes: sizeGb } }),
    isInUse: status === "IN_USE",
  };
}
