import { describe, expect, onTestFinished, test, vi } from "vitest";
import { create } from "#e2e/cluster/stand-in/cluster-objects.ts";
import { diffInputs, liveInputs } from "#e2e/cluster/stand-in/diff-inputs.ts";
import { fakeApiServer } from "#e2e/cluster/stand-in/fake-api-server.ts";
import { checkConfig, diffConfig, readConfig } from "#e2e/cluster/stand-in/provider-config.ts";
import { opened, wrappedLike } from "#e2e/stand-in/secret-values.ts";
import { apiClient, type KubernetesObject } from "#infra/kubernetes/api-client.ts";
import { testAuthority } from "#lib/targets/kubernetes/authority-for-test.ts";
import { kubeconfigText } from "#lib/targets/kubernetes/kubeconfig-for-test.ts";

const authority = await testAuthority();
const kubeconfigFor = (port: number, token = "token-a") =>
  kubeconfigText({
    server: `https://127.0.0.1:${port}`,
    ca: authority.certificate,
    user: { token },
  });

describe("which cluster it speaks to", () => {
  test("without a kubeconfig it is refused, whatever the environment has", () => {
    vi.stubEnv("KUBECONFIG", "/somewhere/config");
    expect(checkConfig({ upsertExistingObjects: "true" })).toMatchObject([{ property: "kubeconfig" }]);
    expect(() => readConfig({})).toThrow("no kubeconfig was given");
  });
  test("one that would run a program isn't taken, and neither is an argument that the SDK doesn't have", () => {
    const user = { exec: { command: "sh" } };
    const kubeconfig = kubeconfigText({ server: "https://127.0.0.1:1", ca: authority.certificate, user });
    expect(checkConfig({ kubeconfig })).toMatchObject([{ property: "kubeconfig" }]);
    expect(checkConfig({ kubeconfig: kubeconfigFor(1), kubeConfig: "x" })).toMatchObject([
      { property: "kubeConfig" },
    ]);
  });
  test("another kubeconfig replaces only where it is another cluster's", () => {
    const of = (port: number, token: string, clusterIdentifier?: string) => ({
      kubeconfig: kubeconfigFor(port, token),
      ...(clusterIdentifier && { clusterIdentifier }),
    });
    const none: string[] = [];
    expect(diffConfig(of(1, "a", "c"), of(2, "b", "c"))).toEqual({ diffs: ["kubeconfig"], replaces: none });
    expect(diffConfig(of(1, "a", "c"), of(1, "a", "d")).replaces).toEqual(["clusterIdentifier"]);
    expect(diffConfig(of(1, "a"), of(1, "b")).replaces).toEqual(none);
    expect(diffConfig(of(1, "a"), of(2, "a")).replaces).toEqual(["kubeconfig"]);
  });
});

test("what exists is taken over only where that was asked for", async () => {
  const server = await fakeApiServer(authority, ["token-a"]);
  const api = apiClient(readConfig({ kubeconfig: server.kubeconfig("token-a") }).access);
  onTestFinished(async () => {
    api.close();
    await server.close();
  });
  const object: KubernetesObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "x" } };
  const run = { api, forces: false, timeoutSeconds: 5, signal: new AbortController().signal };
  await create(run, object, false);
  await expect(create(run, object, false)).rejects.toMatchObject({ reason: "AlreadyExists" });
  await expect(create(run, object, true)).resolves.toMatchObject({ metadata: { name: "x" } });
});

test("a difference is named by its path, and what can't be moved means making it anew", () => {
  const before = { metadata: { name: "a" }, spec: { selector: { matchLabels: { a: "1" } }, replicas: 1 } };
  expect(diffInputs("Deployment", before, { ...before, spec: { ...before.spec, replicas: 2 } })).toEqual({
    diffs: ["spec.replicas"],
    replaces: [],
  });
  const moved = { ...before, spec: { ...before.spec, selector: { matchLabels: { a: "2" } } } };
  expect(diffInputs("Deployment", before, moved).replaces).toEqual(["spec.selector.matchLabels.a"]);
});

test("drift is what was asked for and is otherwise; what a cluster adds is none", () => {
  const inputs = { spec: { replicas: 2, ports: [{ port: 80 }] } };
  const live = { spec: { replicas: 3, ports: [{ port: 80, nodePort: 30_000 }], clusterIP: "10.0.0.1" } };
  expect(liveInputs(inputs, live)).toEqual({ spec: { replicas: 3, ports: [{ port: 80 }] } });
});

test("what came as a secret goes back as one, and so does a Secret's content", () => {
  const wrapped = (value: unknown) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value,
  });
  const inputs = { kind: "Secret", stringData: wrapped({ A: "x" }), type: "Opaque" };
  expect(opened(inputs)).toEqual({ kind: "Secret", stringData: { A: "x" }, type: "Opaque" });
  const fields = { kind: "Secret", data: { A: "eA==" }, type: "Opaque" };
  expect(wrappedLike(inputs, fields, ["data"])).toEqual({
    kind: "Secret",
    data: wrapped({ A: "eA==" }),
    type: "Opaque",
  });
});
