import type { Spec } from "#lib/deployments/spec.ts";
import { needsProxy } from "#lib/targets/kubernetes/load-balancer.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";
import { proxyModel } from "#lib/targets/kubernetes/proxy-model.ts";
import { settingsOf } from "#lib/targets/kubernetes/settings-of.ts";
import { planLocal } from "#lib/targets/local/plan.ts";
import type { Place } from "#lib/targets/place.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/**
 * What will be made, as the form and a quick preview show it. On a cluster it lacks what only the worker knows, such
 * as the text of the load balancer's configuration; in its place stands what that is rendered from, so that two plans
 * differ where two configurations would. The names and sentences are the program's, some inputs aren't.
 */
export function planOf(
  deploymentId: string,
  spec: Spec,
  place: Pick<Place, "kind" | "offers">,
): PlannedResource[] {
  switch (place.kind) {
    case "local":
      return planLocal(deploymentId, spec);
    case "kubernetes":
    case "gke": {
      // A preset that has no image there was refused before.
      const settings = settingsOf(spec, { imagePrefix: place.offers?.imagePrefix ?? "…" });
      const proxy = needsProxy(spec, settings)
        ? { image: "", files: { "haproxy.cfg": JSON.stringify(proxyModel(deploymentId, spec, settings)) } }
        : null;
      return planKubernetes(deploymentId, spec, { ...settings, proxy });
    }
  }
}
