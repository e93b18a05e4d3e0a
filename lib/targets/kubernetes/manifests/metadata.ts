/** Keys of labels and annotations. The first is how an object is known as ours. */
export const labelKeys = {
  managedBy: "app.kubernetes.io/managed-by",
  deployment: "sluice/deployment",
  variant: "sluice/variant",
  role: "sluice/role",
} as const;

/** Of a pod template: what it was configured with, so that another configuration makes other pods. */
export const configAnnotation = "sluice/config";

export const managedBy = "sluice";

export type Role = "model" | "proxy" | "endpoint";

/** What a manifest belongs to. */
export type Owner = { deploymentId: string; namespace: string; role?: Role; variant?: string };

export function labelsOf({ deploymentId, role, variant }: Owner): Record<string, string> {
  return {
    [labelKeys.managedBy]: managedBy,
    [labelKeys.deployment]: deploymentId,
    ...(role && { [labelKeys.role]: role }),
    ...(variant && { [labelKeys.variant]: variant }),
  };
}

/** The labels that pick a role's pods; fewer than they carry, since a Deployment can't change its selector. */
export function selectorOf({ deploymentId, role, variant }: Owner): Record<string, string> {
  return {
    [labelKeys.deployment]: deploymentId,
    ...(role && { [labelKeys.role]: role }),
    ...(variant && { [labelKeys.variant]: variant }),
  };
}

export function metadataOf(name: string, owner: Owner, annotations?: Record<string, string>) {
  return { name, namespace: owner.namespace, labels: labelsOf(owner), ...(annotations && { annotations }) };
}
