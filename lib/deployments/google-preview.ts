import type { GooglePreview } from "#lib/deployments/preview.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { googleLacks } from "#lib/routing/url-map.ts";
import { loadBalancerOf } from "#lib/targets/gke/load-balancer.ts";
import { priceOf } from "#lib/targets/gke/price.ts";
import { regionOf } from "#lib/targets/gke/region-of.ts";

/** What a preview says of a deployment on Google Cloud, from its spec alone: in the browser as on the server. */
export function googlePreviewOf(
  spec: Pick<Spec, "google" | "routing" | "endpoint" | "variants">,
): GooglePreview | null {
  const { google, routing } = spec;
  if (!google) return null;
  const { cluster, location, zones } = google;
  return {
    // What a network is called has no price.
    price: priceOf(
      {
        region: regionOf(location),
        zones,
        cluster: cluster.mode === "own" ? { ...cluster, network: null } : cluster,
      },
      routing.layer,
    ),
    loadBalancer: loadBalancerOf(spec),
    lacks: routing.layer === 4 ? [] : googleLacks(spec),
  };
}
