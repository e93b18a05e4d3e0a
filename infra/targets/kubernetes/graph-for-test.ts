import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";

/** A resource as the program's language host hands it to the engine. */
export type Registered = {
  type: string;
  name: string;
  isCustom: boolean;
  parent: string;
  provider: string;
  dependsOn: string[];
  /** names of what goes before its change */
  beforeUpdate: string[];
  /** secrets are still wrapped as the engine gets them */
  inputs: Record<string, unknown>;
};

type Request = {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getHooks(): { getBeforeUpdateList(): string[] } | undefined;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
};

/** The resources of a program, by an engine that does nothing; each is answered with its own inputs. */
export async function registeredBy(
  program: () => Promise<Record<string, unknown>>,
): Promise<{ resources: Registered[]; outputs: Record<string, unknown> }> {
  await pulumi.runtime.setMocks(
    {
      call: ({ inputs }) => inputs as Record<string, unknown>,
      newResource: ({ name, inputs }) => ({ id: `id-of-${name}`, state: inputs as Record<string, unknown> }),
    },
    "sluice",
    "dep-test",
  );
  const monitor = getMonitor() as unknown as MockMonitor & {
    registerResourceHook(hook: unknown, callback: (error: null, answer: object) => void): void;
  };
  // The SDK's own stand-in knows no hooks.
  monitor.registerResourceHook = (_, callback) => callback(null, {});
  const resources: Registered[] = [];
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: Request, callback) => {
    resources.push({
      type: request.getType(),
      name: request.getName(),
      isCustom: request.getCustom(),
      parent: request.getParent(),
      provider: request.getProvider(),
      dependsOn: request.getDependenciesList(),
      beforeUpdate: request.getHooks()?.getBeforeUpdateList() ?? [],
      inputs: request.getObject()?.toJavaScript() ?? {},
    });
    return register(request, callback);
  };
  try {
    return { resources, outputs: await program() };
  } finally {
    await pulumi.runtime.disconnect();
  }
}
