import type { TestProject } from "vitest/node";
import { startCloud } from "#e2e/cloud/portal/start-cloud.ts";
import { giveLoadBalancers } from "#e2e/cluster/portal/load-balancers.ts";
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
  const undo: (() => PromiseLike<void>)[] = [close];
  const stop = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    if (place.own) {
      const balancers = giveLoadBalancers(place.admin);
      undo.push(() => balancers[Symbol.asyncDispose]());
    }
    const cloud = place.own && (await startCloud(place.admin));
    if (cloud) {
      undo.push(cloud.close);
      Object.assign(process.env, cloud.env);
    }
    say("Starting the portal");
    // What isn't ready by then won't be: nothing here takes long to start.
    process.env.SLUICE_START_SECONDS = "30";
    // More than the model's slowest front end takes.
    process.env.SLUICE_GOOGLE_SETTLE_SECONDS = "4";
    const stopPortal = await startPortal();
    if (stopPortal) undo.push(stopPortal);
    const key = newApiKey("cluster checks");
    say("Registering the cluster");
    const target = await registerTarget(new PortalApi(key), place.kubeconfig, place.imagePrefix);
    const google = cloud?.env.SLUICE_GOOGLE_ENDPOINT ?? null;
    project.provide("place", { ...place, target, key, cloud: cloud?.control ?? null, google });
    const { SLUICE_TEST_PLUGIN: kubernetes, SLUICE_TEST_CLOUD_PLUGIN: googles } = process.env;
    say(`Running the checks; the plugin for Kubernetes: ${kubernetes}, for Google's cloud: ${googles}`);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
