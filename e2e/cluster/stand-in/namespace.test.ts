import { beforeAll, beforeEach, expect, test } from "vitest";
import { pathOf } from "#e2e/cluster/stand-in/bench-for-test.ts";
import { fakeApiServer, type FakeApiServer } from "#e2e/cluster/stand-in/fake-api-server.ts";
import type { EngineError } from "#infra/engine/driver.ts";
import { apiClient } from "#infra/kubernetes/api-client.ts";
import { sweepNamespace } from "#infra/targets/kubernetes/inventory.ts";
import { kubernetesPreflight } from "#infra/targets/kubernetes/preflight.ts";
import { refuseForeign } from "#infra/targets/kubernetes/refuse-foreign.ts";
import { newId } from "#lib/ids.ts";
import { testAuthority, type Authority } from "#lib/targets/kubernetes/authority-for-test.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

// Whose a namespace is.

let authority: Authority;
let ours: FakeApiServer;

beforeAll(async () => {
  authority = await testAuthority();
});
beforeEach(async () => {
  ours = await fakeApiServer(authority, ["token-a"]);
  return () => ours.close();
});

const look = async (deploymentId: string, token = "token-a") => {
  const api = apiClient(parseKubeconfig(ours.kubeconfig(token), { now: new Date() }));
  return kubernetesPreflight(api, deploymentId, new AbortController().signal)
    .then(() => "ok")
    .catch((error: { code: string }) => error.code)
    .finally(() => api.close());
};

test("nobody's or our own may be used, another's may not, and a foreign one isn't swept", async () => {
  const deploymentId = newId("dep");
  expect(await look(deploymentId)).toBe("ok");
  const [namespace] = planKubernetes(deploymentId, forms["layer 4"]!.spec, forms["layer 4"]!.settings);
  const object = namespace!.inputs as never as { metadata: { labels: Record<string, string> } };
  ours.objects.set(pathOf(namespace!), object as never);
  expect(await look(deploymentId)).toBe("ok");
  ours.objects.set(pathOf(namespace!), {
    ...object,
    metadata: { ...object.metadata, labels: {} },
  } as never);
  expect(await look(deploymentId)).toBe("namespace_taken");
  const api = apiClient(parseKubeconfig(ours.kubeconfig("token-a"), { now: new Date() }));
  await sweepNamespace(api, deploymentId, new AbortController().signal);
  expect(ours.objects.size).toBe(1);
  ours.objects.set(pathOf(namespace!), object as never);
  // Restored from a backup under another name, labels and all: somebody's own.
  const copy = { ...object, metadata: { ...object.metadata, name: "copy" } };
  ours.objects.set("/api/v1/namespaces/copy", copy as never);
  await sweepNamespace(api, deploymentId, new AbortController().signal);
  expect([...ours.objects.keys()]).toEqual(["/api/v1/namespaces/copy"]);
  api.close();
});

test("what another has under a name that is needed is refused by it, and what an attempt of ours left isn't", async () => {
  const deploymentId = newId("dep");
  const { spec, settings } = forms["fixed replicas"]!;
  const plan = planKubernetes(deploymentId, spec, settings);
  const [, env] = plan;
  const keys = pathOf(env!).replace(/env$/, "proxy-keys");
  const foreign = async (there: PlannedResource[] = []) => {
    const api = apiClient(parseKubeconfig(ours.kubeconfig("token-a"), { now: new Date() }));
    const job = { deploymentId, plan, access: spec.endpoint.access };
    return refuseForeign(api, job, there, new AbortController().signal)
      .then(() => "ok")
      .catch(({ code, message }: EngineError) => `${code}: ${message}`)
      .finally(() => api.close());
  };
  expect(await foreign()).toBe("ok");
  for (const one of plan) ours.objects.set(pathOf(one), one.inputs as never);
  expect(await foreign()).toBe("ok");
  const theirs = { apiVersion: "v1", kind: "Secret", metadata: { name: "env", labels: {} } };
  ours.objects.set(pathOf(env!), theirs);
  expect(await foreign()).toMatch(
    /^name_taken: .* already has Secret env, which isn't .* Delete it or .* retry/,
  );
  ours.objects.set(keys, { ...theirs, metadata: { name: "proxy-keys" } });
  expect(await foreign()).toContain("already has Secret env, Secret proxy-keys, which aren't");
  // Of what the engine has made somebody may have taken the labels: that is put right.
  expect(await foreign(plan)).toContain("already has Secret proxy-keys, which isn't");
  expect(ours.asked.filter((line) => !line.includes(" GET "))).toEqual([]);
});

test("credentials that aren't taken, and a server that isn't there, are told apart", async () => {
  expect(await look(newId("dep"), "token-over")).toBe("target_refused");
  const text = ours.kubeconfig("token-a");
  await ours.close();
  const access = parseKubeconfig(text, { now: new Date() });
  const error = await kubernetesPreflight(
    apiClient(access),
    newId("dep"),
    new AbortController().signal,
  ).catch((e: unknown) => e as EngineError);
  expect(error).toMatchObject({
    code: "target_unreachable",
    cause: { message: expect.stringContaining(access.server) as string },
  });
  // Whoever deploys may not know where the cluster is.
  expect((error as EngineError).message).not.toContain("127.0.0.1");
});

test("a namespace that something holds is given up, with what the cluster says of it", async () => {
  const deploymentId = newId("dep");
  const [namespace] = planKubernetes(deploymentId, forms["layer 4"]!.spec, forms["layer 4"]!.settings);
  const object = namespace!.inputs as never as { metadata: object };
  ours.objects.set(pathOf(namespace!), {
    ...object,
    metadata: { ...object.metadata, deletionTimestamp: "2026-11-22T00:00:00Z" },
  } as never);
  ours.terminating.push(
    { type: "NamespaceDeletionContentFailure", status: "False", message: "All content was deleted" },
    {
      type: "NamespaceFinalizersRemaining",
      status: "True",
      message: "a finalizer example.org/hold in 1 resource",
    },
  );
  const api = apiClient(parseKubeconfig(ours.kubeconfig("token-a"), { now: new Date() }));
  const given = sweepNamespace(api, deploymentId, new AbortController().signal, 100);
  await expect(given).rejects.toMatchObject({
    code: "leftovers",
    message: expect.stringMatching(
      /minutes after it was deleted: a finalizer example.org\/hold in 1 resource\./,
    ) as string,
  });
  api.close();
});
