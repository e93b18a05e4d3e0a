import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider.js";

/**
 * The provider of what is in a cluster. Upserting is right only because it was seen before that the namespace is ours or
 * nobody's, and that nobody's object in it has a name that is needed (infra/targets/kubernetes): an `up` after one that
 * was interrupted finds what that one made, and takes it over.
 *
 * @param clusterIdentifier while it stays, another kubeconfig replaces nothing
 * @param isGone the cluster isn't there any more: what the engine remembers of it is forgotten
 */
export function clusterProvider(
  kubeconfig: pulumi.Input<string>,
  clusterIdentifier: string,
  { dependsOn, isGone = false }: { dependsOn?: pulumi.Resource[]; isGone?: boolean } = {},
): Provider {
  return new Provider(
    "cluster",
    {
      kubeconfig: pulumi.secret(kubeconfig),
      clusterIdentifier,
      enableServerSideApply: true,
      upsertExistingObjects: true,
      // A field that somebody changed by hand is theirs to the API server: without this it refuses each later change.
      enablePatchForce: true,
      enableConfigMapMutable: true,
      enableSecretMutable: true,
      ...(isGone && { deleteUnreachable: true }),
    },
    { dependsOn },
  );
}
