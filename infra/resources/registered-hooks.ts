import type * as pulumi from "@pulumi/pulumi";

/**
 * Waits until the engine knows of hooks. The SDK waits only for those of resources that the program declares; what goes
 * before a deletion is named by the state alone, and a program that declares nothing is over at once.
 */
export async function registeredHooks(hooks: pulumi.ResourceHook[]): Promise<void> {
  // The SDK keeps this field out of its types.
  for (const hook of hooks) await (hook as unknown as { __registered: Promise<void> }).__registered;
}
