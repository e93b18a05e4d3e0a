import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { pathsOf } from "#e2e/cluster/stand-in/bench-for-test.ts";
import { fakeApiServer } from "#e2e/cluster/stand-in/fake-api-server.ts";
import { deploymentMarker } from "#infra/engine/child-environment.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { stateDatabase } from "#infra/engine/state-database-for-test.ts";
import { raiseStackFence } from "#infra/postgres/stack-fence.ts";
import type { FromRunner, Job } from "#infra/runner/messages.ts";
import { runnerPool } from "#infra/worker/runner-process.ts";
import { newId } from "#lib/ids.ts";
import { testAuthority } from "#lib/targets/kubernetes/authority-for-test.ts";
import { forms, secretsForTest } from "#lib/targets/kubernetes/forms-for-test.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";

const token = "canary-token-of-the-kubeconfig";

async function endpointServer(): Promise<http.Server> {
  const server = http.createServer((_request, response) => response.end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Arguments and environments of the processes that work on a deployment, the runner among them. */
function seenOf(deploymentId: string, runner: number): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const [environment, commandLine] = ["environ", "cmdline"].map((file) =>
        readFileSync(`/proc/${pid}/${file}`, "utf8"),
      );
      const isOurs = Number(pid) === runner || environment!.includes(`${deploymentMarker}=${deploymentId}`);
      return isOurs ? [`${commandLine}\n${environment}`] : [];
    } catch {
      return []; // It ended.
    }
  });
}

function withinASecond(planned: PlannedResource): PlannedResource {
  const annotations = { "pulumi.com/timeoutSeconds": "1" };
  const metadata = { ...(planned.inputs.metadata as object), annotations };
  return { ...planned, inputs: { ...planned.inputs, metadata } };
}

test("a runner deploys to a cluster, says why it fails, makes again what was deleted since, and tears down; its kubeconfig is seen nowhere", async () => {
  vi.stubEnv("PATH", `${import.meta.dirname}:${process.env.PATH}`);
  const engine = await testEngine();
  const state = await stateDatabase();
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-runner-"));
  const endpoint = await endpointServer();
  const cluster = await fakeApiServer(
    await testAuthority(),
    [token],
    (endpoint.address() as AddressInfo).port,
  );
  onTestFinished(async () => {
    await cluster.close();
    endpoint.close();
    await state.drop();
    rmSync(folder, { recursive: true, force: true });
  });
  const deploymentId = newId("dep");
  const { spec, settings } = forms["open to all"]!;
  const plan = planKubernetes(deploymentId, spec, settings);
  const job: Job = {
    operationId: newId("op"),
    deploymentId,
    kind: "deploy",
    fence: 1,
    spec,
    plan,
    before: [],
    isNew: true,
    mayBeDirty: false,
    drifted: [],
    engine: { path: engine.path, version: engine.version },
    folder: path.join(folder, "work"),
    stateUrl: state.url,
    secrets: await newStackSecrets(),
    target: {
      kind: "kubernetes",
      kubeconfig: cluster.kubeconfig(token),
      clusterIdentifier: "cluster-1",
      secrets: secretsForTest,
      publicHost: "127.0.0.1",
    },
    probeKey: null,
    patienceMs: 20_000,
  };
  await raiseStackFence(state.url, deploymentId, 1);
  const perform = (given: Job, onMessage: (message: FromRunner) => void) => {
    const runner = runnerPool().take();
    const told: FromRunner[] = [];
    runner.onMessage((message) => {
      told.push(message);
      onMessage(message);
    });
    runner.start(given);
    return { runner, result: runner.ended.then((words) => ({ told, words })) };
  };
  const resultOf = (told: FromRunner[]) => told.find((message) => message.type === "result")?.result;

  cluster.stuck.add("model-main");
  let seen: string[] = [];
  const deploy = perform(job, (message) => {
    if (message.type !== "event" || message.event.kind !== "resource_started") return;
    if (!message.event.resource.type.endsWith(":Deployment")) return;
    seen = seenOf(deploymentId, deploy.runner.pid);
    cluster.stuck.clear();
  });
  const { told, words } = await deploy.result;
  expect({ result: resultOf(told), words }).toMatchObject({
    result: { ok: true, endpoint: { ip: "127.0.0.1", access: "open" } },
  });
  // the runner, the engine, the plugin
  expect(seen.length).toBeGreaterThanOrEqual(3);
  for (const text of [...seen, JSON.stringify(told.filter(({ type }) => type !== "exported"))]) {
    expect(text).not.toContain(token);
    expect(text).not.toContain("canary-mode");
  }
  expect(cluster.objects.size).toBe(plan.length);

  const later = { ...job, before: plan, isNew: false };
  cluster.stuck.add("model-main");
  const hurried = plan.map((one) => (one.type.endsWith(":Deployment") ? withinASecond(one) : one));
  const update = perform({ ...later, kind: "update", plan: hurried }, () => {});
  expect(resultOf((await update.result).told)).toMatchObject({
    ok: false,
    code: "image_pull",
    logLines: ['Back-off pulling image "nowhere"'],
  });

  cluster.stuck.clear();
  const [service] = pathsOf(plan.filter(({ type }) => type.endsWith(":Service")));
  cluster.objects.delete(service!);
  const retry = perform({ ...later, kind: "update", before: hurried, mayBeDirty: true }, () => {});
  expect(resultOf((await retry.result).told)).toMatchObject({ ok: true });
  expect([...cluster.objects.keys()].sort()).toEqual(pathsOf(plan));

  cluster.tokens.delete(token);
  const destroyed = { ...later, kind: "destroy" as const, plan: [], mayBeDirty: true };
  const refused = perform(destroyed, () => {});
  expect(resultOf((await refused.result).told)).toMatchObject({ ok: false, code: "target_refused" });
  expect(cluster.objects.size).toBe(plan.length);

  const unusable = { ...destroyed.target, kubeconfig: "kind: Config" } as Job["target"];
  const unread = await perform({ ...destroyed, target: unusable }, () => {}).result;
  expect({ result: resultOf(unread.told), words: unread.words }).toMatchObject({
    result: { ok: false, code: "target_refused", message: expect.stringContaining("kubeconfig") as string },
    words: "",
  });

  cluster.tokens.add(token);
  const destroy = perform(destroyed, () => {});
  expect(resultOf((await destroy.result).told)).toEqual({ ok: true, endpoint: null });
  expect([...cluster.objects.keys()]).toEqual([]);
}, 120_000);
