import { Provider } from "@pulumi/gcp/provider.js";
import type { GoogleEndpoints } from "#infra/google/endpoints.ts";

/**
 * The provider of what is Google's. Who asks is in the environment of its plugin, which renews tokens by itself: so
 * neither a key nor a token is an input, or in the state.
 *
 * @param endpoints where the APIs are instead of at Google; null: there
 */
export function googleProvider(
  { project, region }: { project: string; region: string },
  endpoints: GoogleEndpoints | null,
): Provider {
  const { services } = endpoints ?? {};
  return new Provider("google", {
    project,
    region,
    // Our own mark is on everything already.
    addPulumiAttributionLabel: false,
    ...(services && {
      computeCustomEndpoint: services.compute,
      containerCustomEndpoint: services.container,
      storageCustomEndpoint: services.storage,
      iamCustomEndpoint: services.iam,
      resourceManagerCustomEndpoint: services.resourceManager,
      cloudResourceManagerCustomEndpoint: services.resourceManager,
      serviceUsageCustomEndpoint: services.serviceUsage,
    }),
  });
}
