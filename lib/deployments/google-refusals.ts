import type { Drafted, GivenGoogle } from "#lib/deployments/complete-google.ts";
import type { GoogleSpec } from "#lib/deployments/google-spec.ts";
import type { FieldError } from "#lib/errors.ts";
import { prefixOf } from "#lib/routing/choose-variant.ts";
import { firstNodes } from "#lib/targets/gke/first-nodes.ts";
import type { ProjectOffers } from "#lib/targets/gke/project-view.ts";
import { someNames } from "#lib/targets/some-names.ts";

type Own = Extract<GivenGoogle["cluster"], { mode: "own" }>;
type Existing = Extract<GivenGoogle["cluster"], { mode: "existing" }>;

type Seen = {
  /** null: nothing is known of the project now */
  offers: ProjectOffers | null;
  /** what was asked for before: what was taken once isn't refused again because the target has changed */
  before: GoogleSpec | null;
  /** its cluster is there, and stays */
  isFixed: boolean;
};

/** What a deployment can't have in a Google project, field by field. */
export function googleRefusals(given: GivenGoogle, drafted: Drafted, seen: Seen): FieldError[] {
  const { cluster } = given;
  return [
    ...(cluster.mode === "own"
      ? [...ownRefusals(cluster, seen), ...sizeRefusals(cluster, seen), ...gpuRefusals(cluster, drafted)]
      : existingRefusals(cluster, seen)),
    ...domainRefusals(given, drafted),
    ...contentRefusals(given, drafted, seen),
  ];
}

function ownRefusals(cluster: Own, { offers, before, isFixed }: Seen): FieldError[] {
  if (!offers) return [];
  if (!isFixed && offers.ownClusterRefusal)
    return [{ field: "google.cluster.mode", message: offers.ownClusterRefusal }];
  const own = before?.cluster.mode === "own" ? before.cluster : null;
  return [
    ...(own?.machineType === cluster.machineType ? [] : machineRefusals(cluster, offers)),
    ...(own?.gpu?.type === cluster.gpu?.type && own?.gpu?.count === cluster.gpu?.count
      ? []
      : acceleratorRefusals(cluster, offers)),
  ];
}

/** Google begins a pool with as many nodes in each zone: that may be more than the fewest that are wished for. */
function sizeRefusals(
  { minNodes, maxNodes = minNodes }: Own,
  { offers, before, isFixed }: Seen,
): FieldError[] {
  const zones = (isFixed && before ? before.zones : offers?.zones) ?? [];
  const own = before?.cluster.mode === "own" ? before.cluster : null;
  if (zones.length === 0 || (own?.minNodes === minNodes && own.maxNodes === maxNodes)) return [];
  const first = firstNodes({ minNodes }, zones);
  if (maxNodes >= first) return [];
  const message = `In ${zones.length} zones, ${zones.join(", ")}, the pool begins with ${first} nodes, as many in each: ${maxNodes} at most is too few. Choose ${first} or more, or a target in one zone.`;
  return [{ field: "google.cluster.maxNodes", message }];
}

function machineRefusals({ machineType }: Own, { machineTypes, zones }: ProjectOffers): FieldError[] {
  if (!machineTypes || machineTypes.some(({ name }) => name === machineType)) return [];
  const names = machineTypes.map(({ name }) => name);
  // Those of the same family first: a slip is more likely than another wish.
  const [family = ""] = machineType.split("-");
  const near = names.toSorted(
    (a, b) => Number(b.startsWith(`${family}-`)) - Number(a.startsWith(`${family}-`)),
  );
  return [
    {
      field: "google.cluster.machineType",
      message: `Google has no machine type ${machineType} in ${inAll(zones)}. Choose another one, such as ${someNames(near)}.`,
    },
  ];
}

function acceleratorRefusals({ gpu }: Own, { accelerators, zones }: ProjectOffers): FieldError[] {
  if (!gpu || !accelerators) return [];
  const found = accelerators.find(({ name }) => name === gpu.type);
  if (!found) {
    const there =
      accelerators.length > 0
        ? `Choose one of those that are there: ${accelerators.map(({ name }) => name).join(", ")}.`
        : "There is none at all: choose no GPU, or a target in another place.";
    const message = `Google has no GPU ${gpu.type} in ${inAll(zones)}. ${there}`;
    return [{ field: "google.cluster.gpu.type", message }];
  }
  if (gpu.count <= found.most) return [];
  return [{ field: "google.cluster.gpu.count", message: `A node can have ${found.most} of them at most.` }];
}

function inAll(zones: string[] | null): string {
  const names = zones ?? [];
  return names.length > 1 ? `each of ${names.join(", ")}` : (names[0] ?? "this place");
}

function gpuRefusals({ gpu }: Own, { variants, resourcesField }: Drafted): FieldError[] {
  const inNode = gpu?.count ?? 0;
  return variants.flatMap(({ resources }, index) => {
    const asked = resources?.gpus ?? 0;
    if (asked <= inNode) return [];
    const has = inNode === 0 ? "none" : String(inNode);
    const message = `A replica asks for ${asked} GPUs, and each node of the cluster has ${has}. Ask for fewer, or give the nodes more.`;
    return [{ field: `${resourcesField(index)}.gpus`, message }];
  });
}

function existingRefusals(cluster: Existing, { offers, isFixed }: Seen): FieldError[] {
  if (!offers || isFixed) return [];
  const { clusters } = offers;
  const found = clusters.find(({ name, location }) => name === cluster.name && location === cluster.location);
  const field = "google.cluster.name";
  if (!found) {
    const usable = clusters.filter(({ problems }) => problems.length === 0);
    const choice =
      usable.length > 0
        ? `Choose one of: ${usable.map(({ name, location }) => `${name} in ${location}`).join(", ")}.`
        : "There is none that could be used: choose a cluster of its own.";
    return [{ field, message: `There is no cluster ${cluster.name} in ${cluster.location}. ${choice}` }];
  }
  const [problem] = found.problems;
  if (problem) return [{ field, message: `${problem.message} ${problem.todo}` }];
  if (found.network && found.podsRange && found.zones.length > 0) return [];
  const message = "Google doesn't say which network or zones it has. Choose another one.";
  return [{ field, message }];
}

function domainRefusals({ domain }: GivenGoogle, { routing, tls }: Drafted): FieldError[] {
  if (domain === null) return [];
  const field = "google.domain";
  if (routing.layer === 4) {
    const message =
      "A domain's HTTPS ends in a load balancer of layer 7. Take the domain away, or choose layer 7.";
    return [{ field, message }];
  }
  if (tls.mode === "none") return [];
  const which = tls.mode === "given" ? "your own certificate" : "a certificate for trial";
  const message = `A domain is served by a certificate of Google's, and ${which} can't be beside it. Choose one of the two.`;
  return [{ field, message }];
}

function contentRefusals({ staticContent }: GivenGoogle, drafted: Drafted, seen: Seen): FieldError[] {
  if (!staticContent) return [];
  const { routing, variants } = drafted;
  const refusal = seen.offers?.staticContentRefusal;
  if (refusal && !seen.before?.staticContent) return [{ field: "google.staticContent", message: refusal }];
  if (routing.layer === 4) {
    const message =
      "Static files are served by a load balancer of layer 7. Take them away, or choose layer 7.";
    return [{ field: "google.staticContent", message }];
  }
  const { prefix } = staticContent;
  const field = "google.staticContent.prefix";
  if (prefix.split("/").some((part) => part === "." || part === ".."))
    return [{ field, message: "A path with . or .. is never asked for. Choose one such as /static." }];
  const taken = routing.rules.find(
    ({ pathPrefix }) => pathPrefix && isWithin(prefixOf(pathPrefix).exact, prefix),
  );
  if (taken) {
    const message = `The rule for ${taken.pathPrefix} would never be asked: all below ${prefix} is the static files'. Choose another path.`;
    return [{ field, message }];
  }
  const asked = variants.find(({ healthPath }) => isWithin(healthPath, prefix));
  if (!asked) return [];
  const message = `${asked.healthPath}, by which ${asked.name} is asked for its health, would be the static files'. Choose another path.`;
  return [{ field, message }];
}

function isWithin(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}
