import type { Spec } from "#lib/deployments/spec.ts";
import { isPlainPath } from "#lib/routing/url-map.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { variantSettings } from "#lib/targets/kubernetes/settings.ts";

/**
 * Whether a deployment can be made as its settings say. What a person can get wrong is refused field by field before;
 * this is what no plan may be made of.
 *
 * @throws Error that names what doesn't fit
 */
export function checkSettings(spec: Spec, settings: GkeSettings): void {
  const problem = [
    ...placeProblems(settings),
    ...clusterProblems(spec, settings),
    ...endpointProblems(spec, settings),
  ].find(([isWrong]) => isWrong)?.[1];
  if (problem) throw new Error(problem);
}

type Problem = [isWrong: boolean, sentence: string];

function placeProblems({ region, location, zones, cluster }: GkeSettings): Problem[] {
  return [
    [zones.length === 0, "A deployment on GKE needs at least one zone."],
    [new Set(zones).size < zones.length, "A zone is named twice."],
    [zones.some((zone) => !zone.startsWith(`${region}-`)), `Not all zones are in ${region}.`],
    [
      // Pools of a cluster that was there already may be in other zones than its own.
      cluster.mode === "own" && location !== region && !zones.includes(location),
      `${location} is neither ${region} nor one of its zones.`,
    ],
  ];
}

function clusterProblems(spec: Spec, settings: GkeSettings): Problem[] {
  const { cluster, project } = settings;
  const gpus = Math.max(...spec.variants.map((variant) => variantSettings(settings, variant).gpus));
  const link = cluster.mode === "existing" ? cluster.network : cluster.network?.network;
  const foreign: Problem = [
    link !== undefined && !link.startsWith(`projects/${project}/`),
    "The network is another project's (a shared VPC). Choose a cluster or a network of this project.",
  ];
  if (cluster.mode === "existing") return [foreign];
  const { minNodes, maxNodes, gpu } = cluster;
  return [
    foreign,
    [
      minNodes < 1 || maxNodes < minNodes,
      "A pool has at least one node, and no fewer at most than at least.",
    ],
    [
      gpus > (gpu?.count ?? 0),
      `A replica asks for ${gpus} GPUs, and a node of the pool has ${gpu?.count ?? 0}.`,
    ],
  ];
}

function endpointProblems({ routing, endpoint }: Spec, { domain, staticContent }: GkeSettings): Problem[] {
  const isLayer4 = routing.layer === 4;
  const hasOwn = endpoint.tls.mode !== "none";
  const { prefix = "/x", fingerprint = "" } = staticContent ?? {};
  return [
    [isLayer4 && endpoint.access === "private", "Layer 4 reads no keys: it is open to all."],
    [isLayer4 && (hasOwn || domain !== null), "HTTPS ends in a load balancer of layer 7."],
    [isLayer4 && staticContent !== null, "Static files are served by a load balancer of layer 7."],
    [hasOwn && domain !== null, "A domain's certificate is Google's; a given one can't be beside it."],
    [
      // Google's certificates name a domain of 64 characters at most (cloud.google.com/load-balancing/docs/quotas).
      domain !== null &&
        !/^(?=.{4,64}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(domain.name),
      "The domain isn't a name of at most 64 characters, such as model.example.com.",
    ],
    [domain?.leaving.includes(domain.name) ?? false, "The domain that leaves is the one that stays."],
    [
      !/^\/[^/]/.test(prefix) || !isPlainPath(prefix),
      "Static files need a path of their own, such as /static.",
    ],
    [!/^[a-z0-9_-]{0,63}$/.test(fingerprint), "The static files' fingerprint can't be a label."],
  ];
}
