import type { Change } from "#lib/operations/events.ts";

/** One resource that a target's program will register. `key` is `type::name`. */
export type PlannedResource = {
  type: string;
  name: string;
  /** a sentence for a person */
  summary: string;
  /** what the program hands to the engine; no secret is in here, only ids of secrets */
  inputs: Record<string, unknown>;
  /** keys of the resources that come first */
  dependsOn: string[];
};

export type PlannedChange = {
  type: string;
  name: string;
  change: Change;
  summary: string;
  /** the inputs that differ, for an update */
  fields: string[];
};

export function resourceKey(resource: { type: string; name: string }): string {
  return `${resource.type}::${resource.name}`;
}
