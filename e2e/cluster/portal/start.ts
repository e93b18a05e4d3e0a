import type { TestProject } from "vitest/node";
import { openPlace } from "#e2e/cluster/portal/open-place.ts";
import { registerTarget } from "#e2e/cluster/portal/register-target.ts";
import { newApiKey, PortalApi } from "#e2e/portal/api.ts";
import startPortal from "#e2e/start-portal.ts";

/** Once a run: the cluster, the whole portal beside it, and the cluster registered there. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const started = performance.now();
  const say = (step: string) =>
    console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${step}`);
  const { place, close } = await openPlace(say);
  const undo = [close];
  const stop = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    say("Starting the portal");
    // What isn't ready by then won't be: nothing here takes long to start.
    process.env.SLUICE_START_SECONDS = "30";
    const stopPortal = await startPortal();
    if (stopPortal) undo.push(stopPortal);
    const key = newApiKey("cluster checks");
    say("Registering the cluster");
    const target = await registerTarget(new PortalApi(key), place.kubeconfig, place.imagePrefix);
    project.provide("place", { ...place, target, key });
    say(`Running the checks, with ${process.env.SLUICE_TEST_PLUGIN}`);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
