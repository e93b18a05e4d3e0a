import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EngineEvent, EngineStack } from "#infra/engine/driver.ts";
import { recoverStack } from "#infra/engine/recovery.ts";
import type { RuntimeFailure } from "#infra/local-runtime/protocol.ts";
import { resourcesOf } from "#infra/runner/perform.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import { newId } from "#lib/ids.ts";
import { localTypes, planLocal } from "#lib/targets/local/plan.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** An engine and the means to make it fail, wait and die at a resource. */
export type EngineOnTrial = {
  stack: EngineStack;
  failAt(resource: PlannedResource, failure: RuntimeFailure): void;
  waitAt(resource: PlannedResource): void;
  /** resolves when the engine waits there */
  isWaiting(resource: PlannedResource): Promise<void>;
  /** back to doing well; what waits goes on */
  behaveWell(): void;
  /** ends the engine in the middle of a run, as a power cut would; resolves when it is dead */
  kill(): Promise<void>;
  close(): Promise<void>;
};

/** What every engine must do: the real one and the scripted one are held to the same. */
export function testEngineContract(
  name: string,
  begin: (deploymentId: string) => Promise<EngineOnTrial>,
): void {
  describe(name, () => {
    const timeout = 120_000;
    const deploymentId = newId("dep");
    let engine: EngineOnTrial;
    beforeEach(async () => {
      engine = await begin(deploymentId);
    }, timeout);
    afterEach(async () => {
      await engine.close();
    }, timeout);

    const plan = planLocal(deploymentId, specForTest());
    const [endpoint, modelServer, pool, routes] = plan as [
      PlannedResource,
      PlannedResource,
      PlannedResource,
      PlannedResource,
    ];
    const keysIn = async () =>
      resourcesOf(await engine.stack.exportState())
        .map(resourceKey)
        .sort();

    const watch = () => {
      const events: EngineEvent[] = [];
      const stopping = new AbortController();
      let registered = 0;
      const run = {
        signal: stopping.signal,
        onEvent: (event: EngineEvent) => void events.push(event),
        onRegistered: () => void (registered += 1),
      };
      const story = () =>
        events.flatMap((e) => {
          if (e.kind === "log") return [];
          const { type, name: named } = e.resource;
          return [
            `${resourceKey({ type, name: named })} ${e.change} ${e.kind === "resource_ended" ? e.ok : "…"}`,
          ];
        });
      return { run, stopping, story, registered: () => registered };
    };

    test(
      "up makes what the plan says, in the order of its dependencies, and tells each step",
      { timeout },
      async () => {
        const { run, story, registered } = watch();
        const outputs = await engine.stack.up(plan, run);
        expect(outputs.endpoint).toMatchObject({ access: "private" });
        expect(registered()).toBe(1);
        const told = story();
        for (const resource of plan) {
          const key = resourceKey(resource);
          expect(told.filter((line) => line.startsWith(`${key} `))).toEqual([
            `${key} create …`,
            `${key} create true`,
          ]);
          for (const before of resource.dependsOn) {
            expect(told.indexOf(`${before} create true`)).toBeLessThan(told.indexOf(`${key} create …`));
          }
        }
        expect(await keysIn()).toEqual(plan.map(resourceKey).sort());
        const again = watch();
        await engine.stack.up(plan, again.run);
        expect(again.story().every((line) => line.includes(" same "))).toBe(true);
      },
    );

    test(
      "a step's failure is the run's, with its code and log lines; what was made stays",
      { timeout },
      async () => {
        engine.failAt(pool, {
          code: "load_balancer_failed",
          message: "It refused the configuration.",
          logLines: ["line 3"],
        });
        const { run, story } = watch();
        await expect(engine.stack.up(plan, run)).rejects.toMatchObject({
          code: "load_balancer_failed",
          message: "It refused the configuration.",
          logLines: ["line 3"],
        });
        expect(story()).toContain(`${resourceKey(pool)} create false`);
        expect(story().some((line) => line.startsWith(resourceKey(routes)))).toBe(false);
        expect(await keysIn()).toEqual(
          expect.arrayContaining([resourceKey(endpoint), resourceKey(modelServer)]),
        );
        engine.behaveWell();
        await engine.stack.up(plan, watch().run);
        expect(await keysIn()).toEqual(plan.map(resourceKey).sort());
      },
    );

    test("aborted, it stops and says that it was cancelled, and can go on later", { timeout }, async () => {
      engine.waitAt(pool);
      const { run, stopping } = watch();
      const running = engine.stack.up(plan, run);
      await engine.isWaiting(pool);
      stopping.abort();
      await expect(running).rejects.toMatchObject({ code: "cancelled" });
      await expect(engine.stack.up(plan, run)).rejects.toMatchObject({ code: "cancelled" });
      engine.behaveWell();
      await engine.stack.up(plan, watch().run);
      expect(await keysIn()).toEqual(plan.map(resourceKey).sort());
    });

    test("an update changes what differs and deletes what isn't wanted any more", { timeout }, async () => {
      const spec = specForTest();
      const [main] = spec.variants;
      const two = planLocal(deploymentId, { ...spec, variants: [main!, { ...main!, name: "canary" }] });
      await engine.stack.up(two, watch().run);
      const { run, story } = watch();
      await engine.stack.up(plan, run);
      const canary = (type: string) => resourceKey({ type, name: "canary" });
      expect(story().filter((line) => line.endsWith("true") && !line.includes(" same "))).toEqual([
        `${resourceKey(routes)} update true`,
        `${canary(localTypes.pool)} delete true`,
        `${canary(localTypes.modelServer)} delete true`,
      ]);
      expect(await keysIn()).toEqual(plan.map(resourceKey).sort());
    });

    test(
      "destroy deletes all in the reverse order; nothing there is no error; remove forgets it",
      { timeout },
      async () => {
        await engine.stack.destroy(watch().run);
        await engine.stack.up(plan, watch().run);
        const { run, story } = watch();
        await engine.stack.destroy(run);
        const deleted = story().filter((line) => line.endsWith("delete true"));
        expect(deleted).toHaveLength(4);
        expect(deleted[0]).toContain(resourceKey(routes));
        expect(deleted[1]).toContain(resourceKey(pool));
        expect(await keysIn()).toEqual([]);
        await engine.stack.remove();
        expect(await engine.stack.exportState()).toBeNull();
      },
    );

    test(
      "killed in the middle: the next run is refused until it is recovered, then makes nothing twice",
      { timeout },
      async () => {
        engine.waitAt(modelServer);
        const running = engine.stack.up(plan, watch().run);
        running.catch(() => undefined);
        await engine.isWaiting(modelServer);
        await engine.kill();
        await expect(running).rejects.toMatchObject({ name: "EngineError" });
        await expect(engine.stack.up(plan, watch().run)).rejects.toMatchObject({ code: "interrupted" });

        const { said, state } = await recoverStack(engine.stack, deploymentId, "none");
        expect(said.join(" ")).toContain(localTypes.modelServer);
        expect(resourcesOf(state).map(resourceKey).sort()).toEqual(await keysIn());
        expect((await engine.stack.exportState())?.deployment?.pending_operations ?? []).toEqual([]);
        engine.behaveWell();
        await engine.stack.up(plan, watch().run);
        expect(await keysIn()).toEqual(plan.map(resourceKey).sort());
        expect((await engine.stack.exportState())?.deployment?.pending_operations ?? []).toEqual([]);
      },
    );
  });
}
