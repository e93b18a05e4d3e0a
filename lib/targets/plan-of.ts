import type { Spec } from "#lib/deployments/spec.ts";
import { loadBalancerOf } from "#lib/targets/gke/load-balancer.ts";
import { planGke } from "#lib/targets/gke/plan.ts";
import { behindGoogle } from "#lib/targets/gke/proxy-place.ts";
import { settingsOf as projectSettingsOf } from "#lib/targets/gke/settings-of.ts";
import { needsProxy } from "#lib/targets/kubernetes/load-balancer.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";
import { proxyModel } from "#lib/targets/kubernetes/proxy-model.ts";
import { settingsOf } from "#lib/targets/kubernetes/settings-of.ts";
import { planLocal } from "#lib/targets/local/plan.ts";
import type { Place } from "#lib/targets/place.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** In the place of what isn't known here. */
const unknown = "…";

/**
 * What will be made, as the form and a quick preview show it. On a cluster it lacks what only the worker knows, such
 * as the text of the load balancer's configuration; in its place stands what that is rendered from, so that two plans
 * differ where two configurations would. The names and sentences are the program's, some inputs aren't.
 */
export function planOf(
  deploymentId: string,
  spec: Spec,
  place: Pick<Place, "kind" | "offers" | "project">,
): PlannedResource[] {
  // A preset that has no image there was refused before.
  const imagePrefix = place.offers?.imagePrefix ?? unknown;
  switch (place.kind) {
    case "local":
      return planLocal(deploymentId, spec);
    case "kubernetes": {
      const settings = settingsOf(spec, { imagePrefix });
      const proxy = needsProxy(spec, settings)
        ? renderedFrom(proxyModel(deploymentId, spec, settings))
        : null;
      return planKubernetes(deploymentId, spec, { ...settings, proxy });
    }
    case "gke": {
      const project = place.project?.project ?? projectIn(spec) ?? unknown;
      const of = { project, imagePrefix, nodeServiceAccount: unknown };
      const settings = projectSettingsOf(deploymentId, spec, of);
      const hasProxy = loadBalancerOf(spec) === "google-and-proxy";
      const proxy = hasProxy ? renderedFrom(proxyModel(deploymentId, spec, behindGoogle(settings))) : null;
      return planGke(deploymentId, spec, { ...settings, proxy });
    }
  }
}

function renderedFrom(model: object) {
  return { image: "", files: { "haproxy.cfg": JSON.stringify(model) } };
}

/** While nothing is known of the target, a chosen cluster's network says whose it is. */
function projectIn({ google }: Spec): string | null {
  const network = google?.cluster.mode === "existing" ? google.cluster.network : "";
  return /^projects\/([^/]+)\//.exec(network)?.[1] ?? null;
}
