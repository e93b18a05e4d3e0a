import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fakeApiServer, type FakeApiServer } from "#e2e/cluster/stand-in/fake-api-server.ts";
import { engineEnvironment, fencedStateUrl } from "#infra/engine/child-environment.ts";
import type { EngineStack } from "#infra/engine/driver.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { pulumiStack } from "#infra/engine/pulumi-driver.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { stateDatabase } from "#infra/engine/state-database-for-test.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import { raiseStackFence } from "#infra/postgres/stack-fence.ts";
import { kubernetesProgram } from "#infra/targets/kubernetes/program.ts";
import { newId } from "#lib/ids.ts";
import { testAuthority } from "#lib/targets/kubernetes/authority-for-test.ts";
import { forms, secretsForTest } from "#lib/targets/kubernetes/forms-for-test.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** What the engine's tests with the stand-in plugin need: the engine's state, and two clusters. */
export type StandInBench = {
  state: Awaited<ReturnType<typeof stateDatabase>>;
  /** takes `token-a` */
  ours: FakeApiServer;
  /** another cluster, that nothing may ask */
  decoy: FakeApiServer;
  deployed(): Promise<Deployed>;
  close(): Promise<void>;
};

export async function standInBench(): Promise<StandInBench> {
  const authority = await testAuthority();
  const state = await stateDatabase();
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-stand-in-"));
  const ours = await fakeApiServer(authority, ["token-a"]);
  const decoy = await fakeApiServer(authority, ["token-decoy"]);
  return {
    state,
    ours,
    decoy,
    deployed: () => deployed({ state, ours, decoy }, folder),
    async close() {
      await ours.close();
      await decoy.close();
      await state.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Deployed = {
  deploymentId: string;
  plan(name: keyof typeof forms): PlannedResource[];
  /** the stack, with a kubeconfig for this token */
  as(token: string): Promise<EngineStack>;
};

/** A deployment whose engine finds another cluster's kubeconfig wherever a plugin could look for one. */
async function deployed(
  { state, ours, decoy }: Pick<StandInBench, "state" | "ours" | "decoy">,
  folder: string,
): Promise<Deployed> {
  const engine = await testEngine();
  const deploymentId = newId("dep");
  const own = path.join(folder, deploymentId);
  await raiseStackFence(state.url, deploymentId, 1);
  const secrets = await newStackSecrets();
  const trap = path.join(own, "trap");
  mkdirSync(trap, { recursive: true });
  writeFileSync(path.join(trap, "config"), decoy.kubeconfig("token-decoy"));
  mkdirSync(path.join(own, "work/home/.kube"), { recursive: true });
  writeFileSync(path.join(own, "work/home/.kube/config"), decoy.kubeconfig("token-decoy"));
  const base = engineEnvironment(
    { ...process.env, PATH: `${import.meta.dirname}:${process.env.PATH}` },
    {
      cliPath: engine.path,
      folder: path.join(own, "work"),
      stateUrl: fencedStateUrl(state.url, 1),
      passphrase: secrets.passphrase,
      operationId: newId("op"),
      deploymentId,
      fence: 1,
      runtimeSocket: null,
    },
  );
  const stackFor = (kubeconfig: string, isNew: boolean) =>
    pulumiStack({
      cliPath: engine.path,
      cliVersion: engine.version,
      name: deploymentId,
      folder: path.join(own, "work"),
      secrets,
      env: { ...base, KUBECONFIG: path.join(trap, "config") },
      program: kubernetesProgram({ kubeconfig, clusterIdentifier: "cluster-1", secrets: secretsForTest }),
      runsAtDestroy: true,
      isNew,
      patienceMs: 20_000,
    });
  let isNew = true;
  return {
    deploymentId,
    plan: (name) => planKubernetes(deploymentId, forms[name]!.spec, forms[name]!.settings),
    as(token) {
      const stack = stackFor(ours.kubeconfig(token), isNew);
      isNew = false;
      return stack;
    },
  };
}

/** Where the cluster has it. */
export const pathOf = ({ inputs }: PlannedResource) => {
  const object = inputs as {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
  };
  return objectPath({ ...object, ...object.metadata });
};
export const pathsOf = (plan: PlannedResource[]) => plan.map(pathOf).sort();
