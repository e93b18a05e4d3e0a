import type { Seen } from "#e2e/cloud/google/serve.ts";
import type { OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import { ask } from "#e2e/portal/database.ts";
import { placeOf } from "#infra/google/resource-place.ts";
import { proxyFiles } from "#infra/targets/kubernetes/proxy-files.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import { loadBalancerOf } from "#lib/targets/gke/load-balancer.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import { planGke } from "#lib/targets/gke/plan.ts";
import { behindGoogle } from "#lib/targets/gke/proxy-place.ts";
import { settingsOf } from "#lib/targets/gke/settings-of.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { defaultProxyImage } from "#lib/targets/kubernetes/proxy-image.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** How a request goes wrong, once; and what is answered to all requests for that thing until it has gone well. */
const ways = {
  refused: [400, 200],
  "its operation fails": [200, 200],
  "done, but said to have failed": [400],
};

type Way = keyof typeof ways;

/** A resource's request that goes wrong: to make it, or to have it go. */
type Step = { what: string; way: Way; match: { method: string; path: string; naming?: string } };

const message = "Injected: the service is having a bad moment.";

type Planned = { plan: PlannedResource[]; where: Parameters<typeof placeOf>[1] };

/** The very plan of a deployment, and where Google has the things of it. */
export async function plannedOf({ project, place }: OnGoogle, id: string): Promise<Planned> {
  // A certificate's name has its key's id in it, which nobody is shown.
  const [row] = await ask(
    "databaseUrl",
    "select r.spec from deployment d join revision r on r.id = d.revision_id where d.id = $1",
    [id],
  );
  const spec = readSpec(row?.spec);
  const { imagePrefix } = place;
  const of = { project: project.id, nodeServiceAccount: project.nodes, imagePrefix };
  const known = settingsOf(id, spec, of);
  const hasProxy = loadBalancerOf(spec) === "google-and-proxy";
  const files = hasProxy ? proxyFiles(id, spec, behindGoogle(known)) : {};
  const settings = { ...known, proxy: hasProxy ? { image: defaultProxyImage, files } : null };
  return { plan: planGke(id, spec, settings), where: { deploymentId: id, settings } };
}

/** Keys in the model of all that a plan has at Google, sorted. */
export function keysOf({ plan, where }: Planned): string[] {
  return plan
    .flatMap((one) => placeOf(one, where) ?? [])
    .map(({ service, path }) => `${service}/${path}`)
    .sort();
}

/** What stands before a key's name: the same for all of a kind. */
export const collectionOf = (key: string) => key.slice(0, key.lastIndexOf("/"));

/**
 * For each resource at Google the request that makes it, each going wrong in another way than the one before it.
 *
 * @param types of these resources alone, if given
 */
export function creationsOf(planned: Planned, types?: readonly string[]): Step[] {
  return stepsOf(planned, types, ({ path }, { inputs }) => ({
    method: "POST",
    path: `/${collectionOf(path)}$`,
    naming: String(inputs.name),
  }));
}

/** For each resource at Google the request that has it go. */
export function deletionsOf(planned: Planned, types?: readonly string[]): Step[] {
  return stepsOf(planned, types, ({ path }) => ({ method: "DELETE", path: `/${path}$` }));
}

function stepsOf(
  { plan, where }: Planned,
  types: readonly string[] | undefined,
  request: (place: { path: string }, resource: PlannedResource) => Step["match"],
): Step[] {
  return plan.flatMap((resource, index): Step[] => {
    if (types && !types.includes(resource.type)) return [];
    const right = rightOf(resource);
    if (right) return [right];
    const place = placeOf(resource, where);
    if (!place) return [];
    const way = wayOf(index, place.service === "storage");
    return [{ what: resourceKey(resource), way, match: request(place, resource) }];
  });
}

/** Storage does at once what it is asked, so no operation of its can fail. */
function wayOf(index: number, isAtOnce: boolean): Way {
  const usable = (Object.keys(ways) as Way[]).filter((way) => !isAtOnce || way !== "its operation fails");
  return usable[index % usable.length]!;
}

/** The right to read a bucket is a line of the bucket's policy, which is written whole: once more changes nothing. */
function rightOf(resource: PlannedResource): Step | null {
  if (resource.type !== gkeTypes.bucketReader) return null;
  const path = `/b/${String(resource.inputs.bucket)}/iam$`;
  return { what: resourceKey(resource), way: "refused", match: { method: "PUT", path } };
}

/** Has each of these requests go wrong once. */
export async function spoil({ cloud }: OnGoogle, steps: readonly Step[]): Promise<void> {
  const error = { code: 400, reason: "invalid", message };
  for (const { way, match } of steps) {
    if (way === "refused") await cloud.refuse(match, error);
    else if (way === "done, but said to have failed") await cloud.refuseAfter(match, error);
    else await cloud.fail(match, { code: "INTERNAL_ERROR", message });
  }
}

/** Every request that changed something of a deployment at Google, or tried to. A bucket's have no project in their path. */
export async function writesOf({ cloud, project }: OnGoogle, { id }: { id: string }): Promise<Seen[]> {
  const ofBucket = await cloud.writes(mainName(id));
  const others = ofBucket.filter(({ path }) => !path.includes(project.id));
  return [...(await cloud.writes(project.id)), ...others];
}

/**
 * What was answered to each step's requests, and what had to be: wrong, then well, and never asked once more. Whether
 * what went already is asked to go again is the plugin's to choose.
 */
export function answersTo(steps: readonly Step[], writes: readonly Seen[], before: readonly Seen[] = []) {
  const statuses = ({ match: { method, path, naming } }: Step, all: readonly Seen[]) =>
    all
      .filter((one) => one.method === method && new RegExp(path).test(one.path.split("?")[0]!))
      .filter(({ body }) => naming === undefined || body.includes(JSON.stringify(naming)))
      .map(({ status }) => status)
      .filter((status) => status !== 404);
  const lines = (of: (step: Step) => readonly number[]) =>
    steps.map((step) => `${step.match.method} ${step.what}: ${of(step).join(", ")}`);
  return {
    asked: lines((step) => statuses(step, writes).slice(statuses(step, before).length)),
    wanted: lines(({ way }) => ways[way]),
  };
}

/** Kinds without which a Service has no pods. */
const podsNeed = ["deployments", "configMaps", "secrets"];

/** Rights in a cluster that an account lacks, one for each kind of object in a plan, until it was refused for it. */
export class LackedRights {
  readonly #on: OnGoogle;
  #lacked: readonly string[];
  readonly #verbs: string[];

  private constructor(on: OnGoogle, verbs: string[], kinds: readonly string[]) {
    this.#on = on;
    this.#verbs = verbs;
    this.#lacked = kinds;
  }

  /** @param kinds in the words of IAM, such as `deployments` */
  static async of(on: OnGoogle, kinds: readonly string[], ...verbs: string[]): Promise<LackedRights> {
    const rights = new LackedRights(on, verbs, kinds);
    await rights.#deny();
    return rights;
  }

  /** Kinds that nothing was refused of yet. */
  get unmet(): readonly string[] {
    return this.#lacked;
  }

  /** Gives the rights that a failure names; to make a Service, which waits for pods, only once there can be pods. */
  async giveBack(said: string): Promise<void> {
    const named = this.#lacked.filter((kind) => said.includes(`container.${kind}.`));
    const others = this.#lacked.filter((kind) => !named.includes(kind));
    const hasNoPods = this.#verbs.includes("create") && others.some((kind) => podsNeed.includes(kind));
    const given = named.filter((kind) => kind !== "services" || !hasNoPods);
    if (given.length === 0) return;
    this.#lacked = this.#lacked.filter((kind) => !given.includes(kind));
    await this.#on.cloud.restore(this.#on.project.owner);
    await this.#deny();
  }

  async #deny(): Promise<void> {
    const rights = this.#lacked.flatMap((kind) => this.#verbs.map((verb) => `container.${kind}.${verb}`));
    await this.#on.cloud.deny(this.#on.project.owner, ...rights);
  }
}

/** Kinds of a plan's objects in the cluster, as IAM has them in the names of rights. */
export function kindsInCluster({ plan }: Planned): string[] {
  const kinds = plan
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ type }) => type.split(":").at(-1)!)
    .map((kind) => `${kind[0]!.toLowerCase()}${kind.slice(1)}s`);
  return [...new Set(kinds)];
}
