import { expect, test } from "vitest";
import { checklist } from "#components/targets/checklist.ts";
import { formatCores, formatMemory, offersInShort } from "#components/targets/cluster-words.ts";
import { nothingFound, type Findings } from "#lib/targets/kubernetes/findings.ts";
import type { ClusterDetail } from "#lib/targets/target-view.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const node: NonNullable<Findings["nodes"]>[number] = {
  name: "a",
  ready: true,
  closed: null,
  architecture: "arm64",
  cpuMillis: { total: 4000, free: 1550 },
  memoryBytes: { total: 2 ** 33, free: 1.5 * 2 ** 30 },
  gpus: { total: 0, free: 0 },
};
const well: Findings = {
  ...nothingFound({ code: "dns", message: "", todo: "" }),
  trouble: null,
  version: "v1.36.3",
  rights: [{ group: "", resource: "pods", need: "always", allowed: ["get", "list"], denied: [] }],
  metricsApi: "there",
  gatewayApi: "there",
  gatewayClasses: [{ name: "traefik", controller: "c", accepted: true, message: null }],
  loadBalancers: "seen",
  nodes: [node],
};
const plain: ClusterDetail = {
  server: "https://a",
  contextName: "c",
  settings: { publicHost: null, imagePrefix: null, proxyImage: null },
  credentialsExpireAt: null,
  deployments: 0,
  findings: null,
};
const detailed: ClusterDetail = {
  ...plain,
  settings: { publicHost: "a.example.org", imagePrefix: "r.example.org", proxyImage: null },
};
const item = (title: string, found: Partial<Findings> = {}, detail: Partial<ClusterDetail> = {}) =>
  checklist({ ...plain, ...detail }, { ...well, ...found }, now).find((one) => one.title === title)!;

test("of a cluster that has everything, each point is fine and asks for nothing", () => {
  const items = checklist(detailed, well, now);
  expect(items.map(({ tone, todo }) => [tone, todo])).toEqual(items.map(() => ["ok", undefined]));
  expect(item("Room").found).toBe("1.5 cores, 1.5 GiB free on 1 of 1 nodes");
});

test("what is missing is named with what to do", () => {
  const lacking = (need: "always" | "gateway") => [
    { group: "", resource: "secrets", need, allowed: [], denied: ["get", "list"] },
    { group: "", resource: "pods", need, allowed: ["get"], denied: ["list"] },
  ];
  expect(item("Rights", { rights: lacking("always") })).toMatchObject({
    tone: "bad",
    found: "Missing: everything on secrets; list on pods",
  });
  expect(item("Gateway classes", { rights: lacking("gateway") })).toMatchObject({
    tone: "warn",
    todo: expect.stringContaining("everything on secrets; list on pods") as string,
  });
  expect(item("Room", { nodes: [{ ...node, closed: "cordoned" }] })).toMatchObject({ tone: "bad" });
  expect(item("Room", { nodes: null })).toMatchObject({ tone: "warn" });
});

test.each<[string, Partial<Findings>, string, string]>([
  ["Scaling", { metricsApi: "absent" }, "warn", "no metrics API"],
  ["Scaling", { metricsApi: "silent" }, "warn", "doesn’t answer"],
  ["Scaling", { metricsApi: "unknown" }, "neutral", "may not be asked"],
  ["Gateway classes", { gatewayApi: "absent", gatewayClasses: [] }, "neutral", "isn’t installed"],
  ["Gateway classes", { gatewayApi: "unknown", gatewayClasses: [] }, "neutral", "may not be read"],
  ["Gateway classes", { gatewayClasses: [] }, "neutral", "None is installed"],
  [
    "Gateway classes",
    { gatewayClasses: [{ name: "x", controller: "c", accepted: false, message: "no such parameters" }] },
    "warn",
    "No controller has accepted x (no such parameters)",
  ],
  ["Version", { version: "v1.29.14" }, "bad", "Kubernetes 1.29.14; Sluice needs 1.30 or newer"],
  ["Version", { version: null }, "neutral", "may not be read"],
  ["Addresses", { loadBalancers: "unknown" }, "neutral", "nobody knows"],
])("%s of %j is %s", (title, found, tone, words) => {
  const one = item(title, found);
  expect(one.tone).toBe(tone);
  expect(one.found).toContain(words);
});

test("credentials that end are told before they do", () => {
  const at = (days: number) => new Date(now + days * 86_400_000).toISOString();
  const tone = (days: number) => item("Credentials", {}, { credentialsExpireAt: at(days) }).tone;
  expect([tone(30), tone(5), tone(-1)]).toEqual(["ok", "warn", "bad"]);
});

test("amounts are rounded down, so that what is said fits", () => {
  expect([formatCores(999), formatCores(1000), formatCores(3820)]).toEqual([
    "0.9 cores",
    "1 core",
    "3.8 cores",
  ]);
  expect([formatMemory(2 ** 29), formatMemory(1.99 * 2 ** 30), formatMemory(15.9 * 2 ** 30)]).toEqual([
    "512 MiB",
    "1.9 GiB",
    "15 GiB",
  ]);
});

test("offers in short leave out what isn't known", () => {
  const none = {
    gatewayClasses: [],
    autoscaling: false,
    loadBalancers: false,
    publicHost: null,
    imagePrefix: null,
  };
  expect(offersInShort({ version: null, nodes: null, largestPod: null, ...none })).toEqual([]);
  expect(
    offersInShort({
      version: "v1.36.3",
      nodes: 1,
      largestPod: { cpuMillis: 1500, memoryBytes: 2 ** 30, gpus: 2 },
      ...none,
    }),
  ).toEqual(["Kubernetes 1.36.3", "1 node", "largest free node: 1.5 cores, 1 GiB", "2 GPU"]);
});
