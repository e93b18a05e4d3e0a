import { describe, expect, test } from "vitest";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";
import { settingsForTest, variantSettingsForTest } from "#lib/targets/kubernetes/settings-for-test.ts";
import { proxyPlaces, type KubernetesSettings } from "#lib/targets/kubernetes/settings.ts";
import { engineStages, stageOf } from "#lib/targets/stage-of.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

type Container = Record<string, unknown> & { securityContext: { capabilities: object } };
type PodSpec = Record<string, unknown> & { containers: [Container] };
type DeploymentSpec = {
  replicas?: number;
  strategy: unknown;
  template: { metadata: { annotations: Record<string, string> }; spec: PodSpec };
};

const deploymentId = "dep-0123456789ab";
const planOf = (name: string, change: Partial<KubernetesSettings> = {}) => {
  const { spec, settings } = forms[name]!;
  return planKubernetes(deploymentId, spec, { ...settings, ...change });
};
const kindOf = ({ type }: PlannedResource) => type.split(":").at(-1)!;
const namesOf = (plan: PlannedResource[]) => plan.map((one) => `${kindOf(one)} ${one.name}`).sort();
const find = (plan: PlannedResource[], kind: string, name: string) =>
  plan.find((one) => kindOf(one) === kind && one.name === name)!;
const specOf = (plan: PlannedResource[], kind: string, name: string) =>
  find(plan, kind, name).inputs.spec as Record<string, unknown>;
const deploymentOf = (plan: PlannedResource[], name = "model-main") =>
  specOf(plan, "Deployment", name) as unknown as DeploymentSpec;

const namespace = `Namespace sluice-${deploymentId}`;
const base = [namespace, "Secret env"];
const model = ["Deployment model-main", "PodDisruptionBudget model-main", "Service model-main"];
const proxy = ["ConfigMap proxy", "Deployment proxy", "PodDisruptionBudget proxy"];

test.each([
  ["fixed replicas", [...base, ...model, ...proxy, "Service endpoint"]],
  ["an HPA", [...base, ...model, "HorizontalPodAutoscaler model-main", ...proxy, "Service endpoint"]],
  ["HTTPS by HAProxy", [...base, "Secret tls", ...model, ...proxy, "Service endpoint"]],
  ["a pull secret", [...base, "Secret pull", ...model, ...proxy, "Service endpoint"]],
  ["layer 4", [...base, ...model, "Service endpoint"]],
  [
    "a Gateway before HAProxy",
    [...base, ...model, ...proxy, "Service endpoint", "Gateway gateway", "HTTPRoute routes"],
  ],
  [
    "a Gateway that routes, by HTTPS",
    [...base, "Secret tls", ...model, "Gateway gateway", "HTTPRoute routes", "HTTPRoute redirect"],
  ],
])("what there is: %s", (name, wanted) => {
  expect(namesOf(planOf(name))).toEqual([...wanted].sort());
});

test("at layer 4 the Service keeps a caller's address to its replica where that is asked, and nowhere else", () => {
  const affinityOf = (name: string, by: "ip" | "none") => {
    const { spec, settings } = forms[name]!;
    const asked = { ...spec, routing: { ...spec.routing, affinity: { by } } };
    return specOf(planKubernetes(deploymentId, asked, settings), "Service", "endpoint").sessionAffinity;
  };
  expect(affinityOf("layer 4", "ip")).toBe("ClientIP");
  expect(affinityOf("layer 4", "none")).toBeUndefined();
  expect(affinityOf("fixed replicas", "ip")).toBeUndefined();
});

describe("a model's pods", () => {
  const plan = planOf("fixed replicas");
  const { template, strategy } = deploymentOf(plan);
  const [container] = template.spec.containers;

  test("have no more rights than they need", () => {
    expect(template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  });

  test("are looked at by all three probes, have requests and limits, and their environment from a Secret", () => {
    const asked = { path: "/healthz", port: "http" };
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"])
      expect(container[probe]).toMatchObject({ httpGet: asked });
    expect(container.resources).toEqual({
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "1", memory: "256Mi" },
    });
    expect(container.envFrom).toEqual([{ secretRef: { name: "env" } }]);
    expect(container).not.toHaveProperty("env");
  });

  test("leave after everybody knows and all they work on is done, and a new one comes first", () => {
    const { preStop } = container.lifecycle as { preStop: { sleep: { seconds: number } } };
    expect(preStop.sleep.seconds).toBeGreaterThanOrEqual(10);
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(preStop.sleep.seconds + 60);
    expect(strategy).toEqual({ type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
  });

  test("are spread over the nodes, and one at a time may be taken from one", () => {
    expect(template.spec.topologySpreadConstraints).toMatchObject([
      { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
    ]);
    expect(specOf(plan, "PodDisruptionBudget", "model-main")).toMatchObject({ maxUnavailable: 1 });
  });

  test("of an image that needs root may be root, with few capabilities and no way to more", () => {
    const { spec } = deploymentOf(planOf("an image that needs root")).template;
    expect(spec.securityContext).not.toHaveProperty("runAsNonRoot");
    expect(spec.containers[0].securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"], add: expect.arrayContaining(["SETUID"]) as unknown },
    });
  });

  test("with a GPU ask for it and come where GPUs are", () => {
    const { spec } = deploymentOf(planOf("a GPU")).template;
    expect(spec.containers[0].resources).toMatchObject({
      requests: { "nvidia.com/gpu": "2" },
      limits: { "nvidia.com/gpu": "2" },
    });
    expect(spec.tolerations).toMatchObject([{ key: "nvidia.com/gpu", operator: "Exists" }]);
  });

  test("are pulled with the secret where there is one", () => {
    expect(deploymentOf(planOf("a pull secret")).template.spec.imagePullSecrets).toEqual([{ name: "pull" }]);
  });
});

test("where the cluster scales, the manifest says nothing of replicas; else it does", () => {
  expect(deploymentOf(planOf("fixed replicas")).replicas).toBe(2);
  const plan = planOf("an HPA");
  expect(deploymentOf(plan)).not.toHaveProperty("replicas");
  expect(specOf(plan, "HorizontalPodAutoscaler", "model-main")).toMatchObject({
    scaleTargetRef: { kind: "Deployment", name: "model-main" },
    minReplicas: 1,
    maxReplicas: 4,
    metrics: [{ resource: { name: "cpu", target: { averageUtilization: 70 } } }],
    behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
  });
  const [main] = forms["an HPA"]!.spec.variants;
  const still = { ...main!, scaling: { ...main!.scaling, metric: "none" as const } };
  const fixed = planKubernetes(
    deploymentId,
    { ...forms["an HPA"]!.spec, variants: [still] },
    settingsForTest(),
  );
  expect(deploymentOf(fixed).replicas).toBe(1);
});

describe("HAProxy's pods", () => {
  const annotation = (plan: PlannedResource[], name: string) =>
    deploymentOf(plan, name).template.metadata.annotations["sluice/config"];

  test("are two, spread, and know the keys only where a key is needed", () => {
    const { replicas, template } = deploymentOf(planOf("fixed replicas"), "proxy");
    expect(replicas).toBe(2);
    expect(template.spec.topologySpreadConstraints).toHaveLength(1);
    expect(JSON.stringify(template)).toContain('"secretName":"proxy-keys"');
    const { template: open } = deploymentOf(planOf("open to all"), "proxy");
    expect(JSON.stringify(open)).not.toContain("proxy-keys");
  });

  test("know their addresses, which tell what to listen on", () => {
    const [{ env }] = deploymentOf(planOf("fixed replicas"), "proxy").template.spec.containers;
    const valueFrom = { fieldRef: { fieldPath: "status.podIPs" } };
    expect(env).toEqual([{ name: proxyPlaces.addressesIn, valueFrom }]);
  });

  test("are made anew for another configuration or certificate, a model's for another environment", () => {
    const before = planOf("fixed replicas");
    const other = {
      image: "haproxy.example/haproxy:3.2",
      files: { "haproxy.cfg": "global\n  nbthread 2\n" },
    };
    const changed = planOf("fixed replicas", { proxy: other });
    expect(annotation(changed, "proxy")).not.toBe(annotation(before, "proxy"));
    expect(annotation(changed, "model-main")).toBe(annotation(before, "model-main"));
    expect(annotation(planOf("HTTPS by HAProxy"), "proxy")).not.toBe(annotation(before, "proxy"));
    const env = planOf("the environment, a secret in it");
    expect(annotation(env, "model-main")).not.toBe(annotation(before, "model-main"));
    expect(annotation(env, "proxy")).toBe(annotation(before, "proxy"));
  });
});

test("a Gateway that can do it all leads to the models, by rules and then by weights; else to HAProxy", () => {
  const rulesOf = (name: string) => specOf(planOf(name), "HTTPRoute", "routes").rules as object[];
  const byRules = rulesOf("a Gateway that routes");
  expect(byRules).toHaveLength(3);
  expect(byRules.at(-1)).toMatchObject({
    backendRefs: [
      { name: "model-main", port: 8080, weight: 100 },
      { name: "model-canary", port: 8080, weight: 10 },
    ],
  });
  expect(rulesOf("a Gateway before HAProxy")).toMatchObject([
    { backendRefs: [{ name: "endpoint", port: 80 }] },
  ]);
  expect(specOf(planOf("a Gateway before HAProxy"), "Service", "endpoint").type).toBe("ClusterIP");
});

test("who comes by HTTP is sent to HTTPS where its port is known before; else only HTTPS is there, and it is said", () => {
  const portsOf = (plan: PlannedResource[]) => {
    const [container] = deploymentOf(plan, "proxy").template.spec.containers;
    const { ports } = specOf(plan, "Service", "endpoint") as { ports: { name: string }[] };
    const inPod = container.ports as { name: string }[];
    return [ports.map(({ name }) => name), inPod.map(({ name }) => name)];
  };
  const summaryOf = (plan: PlannedResource[]) => find(plan, "Service", "endpoint").summary;
  const byAddress = planOf("HTTPS by HAProxy", { serviceType: "LoadBalancer" });
  expect(portsOf(byAddress)).toEqual([
    ["http", "https"],
    ["http", "https", "status"],
  ]);
  expect(summaryOf(byAddress)).not.toContain("HTTPS alone");
  const byNode = planOf("HTTPS by HAProxy", { serviceType: "NodePort" });
  expect(portsOf(byNode)).toEqual([["https"], ["https", "status"]]);
  expect(summaryOf(byNode)).toContain("by HTTPS alone");
  expect(portsOf(planOf("fixed replicas"))).toEqual([["http"], ["http", "status"]]);
});

test("where a Gateway has the certificate, HAProxy behind it has none", () => {
  const plan = planOf("a Gateway before HAProxy, by HTTPS");
  expect(JSON.stringify(specOf(plan, "Gateway", "gateway"))).toContain('"certificateRefs"');
  expect(JSON.stringify(deploymentOf(plan, "proxy"))).not.toContain("/etc/sluice/tls");
});

test("nothing that others depend on comes after them, and the traffic's way is made last", () => {
  for (const name of Object.keys(forms)) {
    const plan = planOf(name);
    const keys = plan.map(resourceKey);
    for (const one of plan)
      for (const before of one.dependsOn)
        expect(keys.indexOf(before)).toBeLessThan(keys.indexOf(resourceKey(one)));
    const stages = plan.map(({ type }) => stageOf({ type, change: "create" }));
    expect(engineStages).toEqual(expect.arrayContaining([...new Set(stages)]));
    expect(stageOf({ type: plan.at(-1)!.type, change: "create" })).toBe("health");
  }
});

test("settings that don't fit the spec are refused", () => {
  const { spec } = forms["fixed replicas"]!;
  expect(() => planKubernetes(deploymentId, spec, settingsForTest({ variants: {} }))).toThrow("variant main");
  const variants = { main: variantSettingsForTest() };
  expect(() => planKubernetes(deploymentId, spec, settingsForTest({ variants, proxy: null }))).toThrow(
    "HAProxy",
  );
});
