import type { GkeSettings } from "#lib/targets/gke/settings.ts";

/** What HAProxy's configuration depends on, of settings on GKE: it is behind Google's load balancer, where HTTPS ends. */
export function behindGoogle({
  variants,
  streamLimitSeconds,
}: Pick<GkeSettings, "variants" | "streamLimitSeconds">) {
  return {
    variants,
    streamLimitSeconds,
    gatewayClass: null,
    serviceType: "LoadBalancer",
    behind: "google",
  } as const;
}
