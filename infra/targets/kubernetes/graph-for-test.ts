import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { isHidden } from "#lib/targets/secret-input.ts";

/** A resource as the program's language host hands it to the engine. */
export type Registered = {
  type: string;
  name: string;
  isCustom: boolean;
  parent: string;
  provider: string;
  dependsOn: string[];
  /** names of what goes before its steps */
  beforeCreate: string[];
  beforeUpdate: string[];
  beforeDelete: string[];
  ignoreChanges: string[];
  /** how long a change may take; empty: the engine's own */
  updateTimeout: string;
  /** the id of what is taken over; empty: nothing is */
  importId: string;
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
  getHooks():
    | {
        getBeforeCreateList(): string[];
        getBeforeUpdateList(): string[];
        getBeforeDeleteList(): string[];
      }
    | undefined;
  getIgnorechangesList(): string[];
  getCustomtimeouts(): { getUpdate(): string } | undefined;
  getImportid(): string;
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
};

/** Of the newest run: the SDK tells each run's hooks to the engine that it had first. */
let hooks: string[] = [];

/**
 * The resources of a program, by an engine that does nothing; each is answered with its own inputs.
 *
 * @param answers what is answered beside them, by type
 */
export async function registeredBy(
  program: () => Promise<Record<string, unknown>>,
  answers: Record<string, Record<string, unknown>> = {},
): Promise<{ resources: Registered[]; outputs: Record<string, unknown>; hooks: string[] }> {
  await pulumi.runtime.setMocks(
    {
      call: ({ inputs }) => inputs as Record<string, unknown>,
      newResource: ({ name, type, inputs }) => ({
        id: `id-of-${name}`,
        state: { ...(inputs as Record<string, unknown>), ...answers[type] },
      }),
    },
    "sluice",
    "dep-test",
  );
  const monitor = getMonitor() as unknown as MockMonitor & {
    registerResourceHook(hook: { getName(): string }, callback: (error: null, answer: object) => void): void;
  };
  const made: string[] = [];
  hooks = made;
  // The SDK's own stand-in knows no hooks.
  monitor.registerResourceHook = (hook, callback) => {
    hooks.push(hook.getName());
    callback(null, {});
  };
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
      beforeCreate: request.getHooks()?.getBeforeCreateList() ?? [],
      beforeUpdate: request.getHooks()?.getBeforeUpdateList() ?? [],
      beforeDelete: request.getHooks()?.getBeforeDeleteList() ?? [],
      ignoreChanges: request.getIgnorechangesList(),
      updateTimeout: request.getCustomtimeouts()?.getUpdate() ?? "",
      importId: request.getImportid(),
      inputs: request.getObject()?.toJavaScript() ?? {},
    });
    return register(request, callback);
  };
  try {
    return { resources, outputs: await program(), hooks: made };
  } finally {
    await pulumi.runtime.disconnect();
  }
}

/** `urn:pulumi:stack::project::parent$type::name` → `type::name` */
export function keyOf(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").at(-1)}::${name}`;
}

/** What a plan says, as the engine is told it: what is hidden is compared by its place alone. */
export function visible(value: unknown): unknown {
  if (isHidden(value)) return "hidden";
  if (Array.isArray(value)) return value.map(visible);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visible(item)]));
}
