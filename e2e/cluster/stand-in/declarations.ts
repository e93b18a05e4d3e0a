import { readDeclarations, type Declarations } from "#e2e/stand-in/type-declarations.ts";

/** What the SDK for clusters declares of the kinds that tests make. */
export const clusterDeclarations = (): Declarations =>
  readDeclarations({
    packageName: "@pulumi/kubernetes",
    files: [
      "provider",
      "core/v1/namespace",
      "core/v1/secret",
      "core/v1/configMap",
      "core/v1/service",
      "apps/v1/deployment",
      "autoscaling/v2/horizontalPodAutoscaler",
      "policy/v1/podDisruptionBudget",
    ],
  });
