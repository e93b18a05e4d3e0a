// What is ours in a project: nothing without this mark is ever taken over or removed.

const labelKey = "sluice-deployment";
const described = /^Made by Sluice for the deployment (dep-[a-z0-9]{12})\.$/;

/** For the kinds that have labels. */
export function labelsOf(deploymentId: string): Record<string, string> {
  return { [labelKey]: deploymentId };
}

/** For the kinds that have none. */
export function descriptionOf(deploymentId: string): string {
  return `Made by Sluice for the deployment ${deploymentId}.`;
}

/** Whose a thing is, by the mark that it carries; null: it isn't ours. */
export function deploymentOf(thing: {
  labels?: Record<string, string> | null;
  description?: string | null;
}): string | null {
  return thing.labels?.[labelKey] ?? described.exec(thing.description ?? "")?.[1] ?? null;
}
