import { describe, expect, test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import {
  answersTo,
  collectionOf,
  creationsOf,
  deletionsOf,
  keysOf,
  kindsInCluster,
  LackedRights,
  plannedOf,
  spoil,
  writesOf,
} from "#e2e/cloud/portal/spoil.ts";
import { ended, logOf, named, operated } from "#e2e/cluster/portal/in-trouble.ts";
import { placeOf } from "#e2e/cluster/portal/routed.ts";
import type { LiveDeployment } from "#e2e/portal/api.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";

/** An upper bound: each attempt gets past at least one thing that goes wrong. */
const mostAttempts = 40;

/** Retries until it ends well. */
async function persist(on: OnGoogle, first: DeploymentView, rights: LackedRights): Promise<DeploymentView> {
  let last = first;
  for (let failures = 0; last.operation.status !== "succeeded"; failures++) {
    expect(last.operation.errorMessage).toMatch(/\S/);
    expect(failures, last.operation.errorMessage ?? "").toBeLessThan(mostAttempts);
    await rights.giveBack(await logOf(on, last));
    last = await operated(on, "POST", last, "/retry");
  }
  return last;
}

/** Has a deployment refused before anything is made, so that its plan is known before its first step. */
async function refusedAtFirst(on: OnGoogle, input: Record<string, unknown>): Promise<DeploymentView> {
  await on.cloud.setQuota(on.project.id, "us-central1", "CPUS", 2);
  const begun = await on.api.deploy(named(on, on.formOf(input)));
  on.tearDownLater(begun);
  const refused = await ended(on, begun, begun.operation.id);
  expect(refused.operation.errorCode).toBe("quota_exceeded");
  expect(await on.left()).toEqual([]);
  await on.cloud.setQuota(on.project.id, "us-central1", "CPUS", 24);
  return refused;
}

/**
 * Deploys, with each step of the plan going wrong once; then tears down in the same way, to nothing.
 *
 * @param spoilt resources at Google and kinds of objects in the cluster that go wrong; all unless given
 */
async function walks(
  on: OnGoogle,
  input: Record<string, unknown>,
  check: (deployment: DeploymentView) => Promise<void>,
  spoilt: { types?: readonly string[]; kinds?: readonly string[] } = {},
): Promise<void> {
  const begun = await refusedAtFirst(on, input);
  const planned = await plannedOf(on, begun.id);
  const creations = creationsOf(planned, spoilt.types);
  await spoil(on, creations);
  const kinds = spoilt.kinds ?? kindsInCluster(planned);
  // Behind Google's own load balancer a Service is awaited before there may be pods, so those have to be allowed.
  const creatable = kinds.filter((kind) => input.routing || kind !== "deployments");
  // Which of the two is asked for is the plugin's to choose.
  const toMake = await LackedRights.of(on, creatable, "create", "update");
  const deployed = await persist(on, begun, toMake);
  const made = await writesOf(on, begun);
  const { asked, wanted } = answersTo(creations, made);
  expect(asked).toEqual(wanted);
  expect(toMake.unmet).toEqual([]);
  const keys = keysOf(planned);
  const collections = new Set(keys.map(collectionOf));
  // What GKE makes for itself has names of its own.
  const kept = (await on.left()).filter((key) => !/\/(gke|k8s2?)-[^/]*$/.test(key));
  expect(kept.filter((key) => collections.has(collectionOf(key)))).toEqual(keys);
  await check(deployed);

  const deletions = deletionsOf(planned, spoilt.types);
  await spoil(on, deletions);
  const toRemove = await LackedRights.of(on, kinds, "delete");
  const gone = await persist(on, await operated(on, "DELETE", deployed), toRemove);
  const removed = answersTo(deletions, await writesOf(on, begun), made);
  expect(removed.asked).toEqual(removed.wanted);
  expect(toRemove.unmet).toEqual([]);
  expect(gone).toMatchObject({ status: "destroyed", receipt: { remaining: [] } });
  expect(await on.left()).toEqual([]);
}

describe
  .skipIf(!hasCloud)
  .concurrent("whatever part fails, a retry goes on from there, a tear-down as well", () => {
    test("with a domain, static files and an autoscaler: nothing is made twice, nothing stays", async () => {
      await using on = await OnGoogle.open();
      const input = {
        endpoint: { access: "open" },
        scaling: { minReplicas: 1, maxReplicas: 2, metric: "cpu" },
        google: {
          domain: "failures.example.com",
          staticContent: { prefix: "/static", archive: await on.upload("one") },
        },
      };
      await walks(on, input, async ({ endpoint }) => {
        const answer = await fetch(`http://${endpoint!.ip}/v1`, { redirect: "manual" });
        expect(answer.status).toBe(308);
      });
    });

    test("with keys and HTTPS, where the parts fail that the others lack: nothing is made twice, nothing stays", async () => {
      await using on = await OnGoogle.open();
      const check = async (deployment: DeploymentView) => {
        const { call, key } = placeOf(on, deployment as LiveDeployment);
        const status = async (headers: Record<string, string>) =>
          (await call({ method: "GET", target: "/", headers, overHttp: false })).status;
        expect(await status({ authorization: `Bearer ${key}` })).toBe(200);
        expect(await status({})).toBe(401);
      };
      const { certificate, healthCheck, backendService } = gkeTypes;
      await walks(on, { endpoint: { tls: { mode: "self-signed" } } }, check, {
        types: [certificate, healthCheck, backendService],
        kinds: ["configMaps", "secrets", "services"],
      });
    });

    test("layer 4, where its own parts fail: nothing is made twice, nothing stays", async () => {
      await using on = await OnGoogle.open();
      const input = { routing: { layer: 4 }, endpoint: { access: "open" } };
      const check = async ({ endpoint }: DeploymentView) => {
        expect((await fetch(`${endpoint!.url}/healthz`)).status).toBe(200);
      };
      await walks(on, input, check, { types: [gkeTypes.address], kinds: ["deployments", "services"] });
    });
  });
