import type * as pulumi from "@pulumi/pulumi";

export type Inputs = Record<string, unknown>;
export type Make = (
  name: string,
  inputs: Inputs,
  options: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/** By a class of an SDK. A plan is written without the SDK (lib may not know it); the plugin checks every field of it. */
export function ofClass<Args>(
  kind: new (name: string, args: Args, options: pulumi.CustomResourceOptions) => pulumi.CustomResource,
): Make {
  return (name, inputs, options) => new kind(name, inputs as Args, options);
}
