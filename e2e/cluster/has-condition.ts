import type { KubernetesObject } from "#e2e/cluster/api.ts";

/** Whether the object's status says that a condition holds: `Ready`, `Available`, `Programmed`. */
export function hasCondition(object: KubernetesObject, type: string): boolean {
  const conditions = (object.status?.conditions ?? []) as { type: string; status: string }[];
  return conditions.some((one) => one.type === type && one.status === "True");
}
