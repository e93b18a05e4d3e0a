import { randomUUID } from "node:crypto";
import type { TestProject } from "vitest/node";
import { openPlace } from "#e2e/cluster/portal/open-place.ts";
import { newApiKey, PortalApi } from "#e2e/portal/api.ts";
import startPortal from "#e2e/start-portal.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

/** Once a run: the cluster, the whole portal beside it, and the cluster registered there. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const started = performance.now();
  const say = (step: string) =>
    console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${step}`);
  const { place, imagePrefix, close } = await openPlace(say);
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
    const target = await register(new PortalApi(key), place.kubeconfig, imagePrefix);
    project.provide("place", { ...place, target, key });
    say(`Running the checks, with ${process.env.SLUICE_TEST_PLUGIN}`);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Registers the cluster and waits until its check has found all that a deployment needs. */
async function register(api: PortalApi, kubeconfig: string, imagePrefix: string): Promise<string> {
  const name = `cluster-${randomUUID().slice(0, 6)}`;
  const answer = await api.send("POST", "/targets", { name, kubeconfig, imagePrefix });
  if (answer.status !== 201) throw new Error(`Not registered: ${JSON.stringify(answer.body)}`);
  const end = performance.now() + 60_000;
  for (;;) {
    const { body } = await api.send<TargetView>("GET", `/targets/${name}`);
    if (body.cluster?.state === "ready" && !body.cluster.checking) return name;
    if (performance.now() > end) throw new Error(`The cluster isn't ready: ${JSON.stringify(body, null, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
