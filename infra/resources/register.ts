import * as pulumi from "@pulumi/pulumi";
import type { Inputs, Make } from "#infra/resources/make.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";
import { secretName } from "#lib/targets/secret-input.ts";

/** How a type is made, and on which provider. */
export type Kind = { make: Make; provider: pulumi.ProviderResource };

/** What registering a plan needs and remembers. */
export type Registry = {
  /** undefined: the target has no such type */
  kindOf(type: string): Kind | undefined;
  /** what a resource needs beside its inputs: hooks, timeouts and the like */
  optionsOf(planned: PlannedResource): pulumi.CustomResourceOptions;
  /** by the names that `secretInput` gave them */
  secrets: Record<string, unknown>;
  declared: Map<string, pulumi.CustomResource>;
};

/**
 * Registers one resource of a plan, with its secrets in their places.
 *
 * @throws Error if it depends on one that isn't declared, or needs a secret that wasn't given
 */
export function registerPlanned(
  planned: PlannedResource,
  registry: Registry,
  parent?: pulumi.Resource,
): pulumi.CustomResource {
  const kind = registry.kindOf(planned.type);
  if (!kind) throw new Error(`A ${planned.type} can't be made on this target.`);
  const dependsOn = planned.dependsOn.map((key) => {
    const before = registry.declared.get(key);
    if (!before)
      throw new Error(`${resourceKey(planned)} depends on ${key}, which isn't declared before it.`);
    return before;
  });
  const inputs = withSecrets(planned.inputs, registry.secrets) as Inputs;
  const resource = kind.make(planned.name, inputs, {
    ...registry.optionsOf(planned),
    provider: kind.provider,
    parent,
    dependsOn,
  });
  registry.declared.set(resourceKey(planned), resource);
  return resource;
}

function withSecrets(value: unknown, secrets: Record<string, unknown>): unknown {
  const name = secretName(value);
  if (name !== null) {
    if (secrets[name] === undefined) throw new Error(`The secret ${name} wasn't given to the program.`);
    return pulumi.secret(secrets[name]);
  }
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSecrets(item, secrets)]));
}
