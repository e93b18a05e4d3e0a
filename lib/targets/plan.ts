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
  /** the group that it is registered in, where it is in one: its type and its name */
  component?: { type: ComponentType; name: string };
};

/** What groups resources in the engine: it is nothing by itself, and no part of a plan. */
export type ComponentType = "ModelServer" | "ProxyGateway" | "Gateway";

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

const componentPrefix = "sluice:component:";

/** The engine's name for a group. */
export function componentToken(type: ComponentType): string {
  return `${componentPrefix}${type}`;
}

/** Whether this type of the engine's is a thing that a plan may have: not the stack, its plugins or a group. */
export function isPlannedType(type: string): boolean {
  return !type.startsWith("pulumi:") && !type.startsWith(componentPrefix);
}
