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

/** Whether an object says by its labels that it is this deployment's. */
export function isOwn(
  { metadata }: { metadata: { labels?: Record<string, string> } },
  deploymentId: string,
): boolean {
  const { [labelKeys.managedBy]: by, [labelKeys.deployment]: of } = metadata.labels ?? {};
  return by === managedBy && of === deploymentId;
}

/** Whose the fields of the Secret with a deployment's keys are, as the API server keeps it: the worker's. */
export const keysManager = "sluice-keys";

/** Who wrote fields of an object, and how, as the API server keeps it. */
type Managed = { manager?: string; operation?: string };

/** Whether the Secret with the keys is this deployment's: the engine doesn't know of it, and labels can be stripped. */
export function isOwnKeys(
  secret: { metadata: { labels?: Record<string, string>; managedFields?: Managed[] } },
  deploymentId: string,
): boolean {
  const wrote = ({ manager, operation }: Managed) => manager === keysManager && operation === "Apply";
  return isOwn(secret, deploymentId) || (secret.metadata.managedFields ?? []).some(wrote);
}
