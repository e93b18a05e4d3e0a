import { EngineError, type EngineRun, type EngineStack, type EngineState } from "#infra/engine/driver.ts";
import type { RuntimeFailure } from "#infra/local-runtime/protocol.ts";
import type { Change } from "#lib/operations/events.ts";
import { diffPlan } from "#lib/targets/diff-plan.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** What a test wants to happen at a resource, by its key. */
export type Script = Map<string, RuntimeFailure | "wait">;

export type ScriptedStack = EngineStack & {
  /** Resolves as soon as a step waits. */
  isWaiting(): Promise<void>;
  /** Lets go on what waits. */
  release(): void;
  /** The run is cut off as if its process were killed, in the middle of what it does. */
  kill(): void;
};

/** An engine in memory that does what a test's script says, for tests of what stands above the engine. */
export function scriptedStack(deploymentId: string, script: Script): ScriptedStack {
  let exists = false;
  let locked = false;
  let things: PlannedResource[] = [];
  let pending: PlannedResource[] = [];
  let waiting: { go(): void; die(error: Error): void } | null = null;
  const began = Promise.withResolvers<void>();

  const urnOf = ({ type, name }: PlannedResource) => `urn:pulumi:${deploymentId}::sluice::${type}::${name}`;

  const step = async (resource: PlannedResource, change: Change, run: EngineRun) => {
    const { type, name } = resource;
    const about = { resource: { type, name }, change };
    if (run.signal.aborted) throw new EngineError("cancelled", "It was cancelled.");
    run.onEvent({ kind: "resource_started", ...about });
    if (change === "create") pending = [resource];
    const asked = script.get(resourceKey(resource));
    try {
      if (asked === "wait") await wait(run.signal);
      else if (asked) throw new EngineError(asked.code, asked.message, asked.logLines);
    } catch (error) {
      if (error instanceof Killed) throw error;
      pending = [];
      run.onEvent({ kind: "resource_ended", ...about, ok: false, durationMs: 0 });
      throw error;
    }
    pending = [];
    things = things.filter((thing) => resourceKey(thing) !== resourceKey(resource));
    if (change !== "delete") things.push(resource);
    run.onEvent({ kind: "resource_ended", ...about, ok: true, durationMs: 0 });
  };

  const wait = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      waiting = { go: resolve, die: reject };
      began.resolve();
      signal.addEventListener("abort", () => reject(new EngineError("cancelled", "It was cancelled.")), {
        once: true,
      });
    });

  const locking = async (run: EngineRun, work: () => Promise<void>) => {
    if (run.signal.aborted) throw new EngineError("cancelled", "It was cancelled.");
    if (locked) throw new EngineError("interrupted", "An earlier attempt still holds the lock.");
    locked = true;
    try {
      await work();
      locked = false;
    } catch (error) {
      // What is killed can't give back its lock.
      locked = error instanceof Killed;
      throw error instanceof Killed ? new EngineError("engine_failed", "The engine was killed.") : error;
    }
  };

  return {
    async up(plan, run) {
      await locking(run, async () => {
        exists = true;
        run.onRegistered();
        const changes = diffPlan(things, plan);
        for (const resource of plan) {
          const change = changes.find((c) => resourceKey(c) === resourceKey(resource))?.change ?? "same";
          await step(resource, change, run);
        }
        const wanted = new Set(plan.map(resourceKey));
        for (const thing of things.filter((t) => !wanted.has(resourceKey(t))).reverse())
          await step(thing, "delete", run);
      });
      return { endpoint: { url: "http://127.0.0.1:1", ip: "127.0.0.1", port: 1, access: "private" } };
    },
    destroy: (run) =>
      locking(run, async () => {
        for (const thing of [...things].reverse()) await step(thing, "delete", run);
      }),
    async exportState() {
      if (!exists) return null;
      const resources = things.map((thing) => ({
        urn: urnOf(thing),
        type: thing.type,
        inputs: thing.inputs,
      }));
      const operations = pending.map((thing) => ({
        type: "creating",
        resource: { urn: urnOf(thing), type: thing.type },
      }));
      return { version: 3, deployment: { resources, pending_operations: operations } } satisfies EngineState;
    },
    async importState(state) {
      const kept = new Set((state.deployment?.resources ?? []).map(({ urn }) => urn));
      things = things.filter((thing) => kept.has(urnOf(thing)));
      pending = pending.filter((thing) =>
        state.deployment?.pending_operations?.some(({ resource }) => resource.urn === urnOf(thing)),
      );
    },
    async unlock() {
      locked = false;
    },
    async remove() {
      exists = false;
    },
    isWaiting: () => began.promise,
    release: () => waiting?.go(),
    kill: () => waiting?.die(new Killed()),
  };
}

class Killed extends Error {}
