import { describe, expect, test } from "vitest";
import { keyOf, registeredBy, visible, type Registered } from "#infra/targets/kubernetes/graph-for-test.ts";
import { kubernetesProgram } from "#infra/targets/kubernetes/program.ts";
import { forms, secretsForTest, type Form } from "#lib/targets/kubernetes/forms-for-test.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";
import { componentToken, isPlannedType, resourceKey, type PlannedResource } from "#lib/targets/plan.ts";
import { isHidden, secretName } from "#lib/targets/secret-input.ts";

const deploymentId = "dep-0123456789ab";
const input = {
  kubeconfig: "canary-kubeconfig",
  clusterIdentifier: "cluster-abc",
  secrets: secretsForTest,
};
const planOf = ({ spec, settings }: Form) => planKubernetes(deploymentId, spec, settings);
const graphOf = async (plan: PlannedResource[]) => {
  let told = 0;
  const { resources } = await registeredBy(kubernetesProgram(input)(plan, () => void (told += 1)));
  expect(told).toBe(1);
  return resources;
};
describe.each(Object.keys(forms))("%s", (name) => {
  const plan = planOf(forms[name]!);
  const planned = new Map(plan.map((resource) => [resourceKey(resource), resource]));

  test("the program registers what the plan says: names, arguments, order, groups", async () => {
    const graph = await graphOf(plan);
    const made = graph.filter(({ type }) => isPlannedType(type));
    expect(made.map(resourceKey).sort()).toEqual([...planned.keys()].sort());
    expect(planned.size).toBe(plan.length);
    for (const resource of made) {
      const said = planned.get(resourceKey(resource))!;
      expect(visible(resource.inputs)).toEqual(visible(said.inputs));
      expect(resource.dependsOn.map(keyOf).sort()).toEqual([...said.dependsOn].sort());
      const group = said.component && `${componentToken(said.component.type)}::${said.component.name}`;
      expect(keyOf(resource.parent)).toBe(group ?? "::");
      expect(resource.provider).toContain("pulumi:providers:kubernetes::cluster");
      expect(resource.beforeUpdate).toEqual(resource.type.endsWith(":Deployment") ? ["replicas"] : []);
    }
  });

  test("nothing secret is in the plan, and the engine gets it marked as secret", async () => {
    expect(JSON.stringify(plan)).not.toContain("canary-t");
    for (const text of ["canary-pull", "canary-key", "canary-certificate"])
      expect(JSON.stringify(plan)).not.toContain(text);
    const graph = await graphOf(plan);
    expect(plainOf(graph)).not.toContain("canary-t");
    expect(plainOf(graph)).not.toMatch(/canary-(mode|pull|key|certificate|kubeconfig)/);
    const secrets = plan.filter(({ type }) => type.endsWith(":Secret"));
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of secrets) {
      const content = secretsForTest[secretName(secret.inputs.stringData) as keyof typeof secretsForTest];
      const sent = graph.find((one) => resourceKey(one) === resourceKey(secret));
      expect(JSON.stringify(sent?.inputs.stringData)).toContain(Object.values(content ?? {})[0]);
    }
  });

  test("every object is in the deployment's namespace and labelled as its own", () => {
    for (const { type, inputs } of plan) {
      const metadata = inputs.metadata as { namespace?: string; labels: Record<string, string> };
      expect(metadata.labels).toMatchObject({
        "app.kubernetes.io/managed-by": "sluice",
        "sluice/deployment": deploymentId,
      });
      if (!type.endsWith(":Namespace")) expect(metadata.namespace).toBe(`sluice-${deploymentId}`);
    }
  });
});

/** What the engine is told, without the values that are marked as secret. */
function plainOf(graph: Registered[]): string {
  return JSON.stringify(graph.map(({ inputs }) => visible(inputs)));
}

test("the provider has today's kubeconfig, as a secret, and the cluster's identifier beside it", async () => {
  const [provider, ...rest] = await graphOf([]);
  expect(rest).toEqual([]);
  expect(provider).toMatchObject({ type: "pulumi:providers:kubernetes", name: "cluster" });
  expect(isHidden(provider!.inputs.kubeconfig)).toBe(true);
  expect(JSON.stringify(provider!.inputs.kubeconfig)).toContain("canary-kubeconfig");
  expect(provider!.inputs).toMatchObject({
    clusterIdentifier: "cluster-abc",
    enableServerSideApply: "true",
    upsertExistingObjects: "true",
    enablePatchForce: "true",
  });
});

test("its outputs are the address of the Gateway where there is one, else of the Service", async () => {
  const outputsOf = async (name: string) =>
    Object.keys((await registeredBy(kubernetesProgram(input)(planOf(forms[name]!)))).outputs);
  expect(await outputsOf("fixed replicas")).toEqual(["service", "serviceStatus"]);
  expect(await outputsOf("layer 4")).toEqual(["service", "serviceStatus"]);
  expect(await outputsOf("a Gateway before HAProxy")).toEqual(["gateway"]);
});

test("a plan that names a resource too late, or a secret that wasn't given, isn't run", async () => {
  const plan = planOf(forms["fixed replicas"]!);
  await expect(registeredBy(kubernetesProgram(input)([...plan].reverse()))).rejects.toThrow("isn't declared");
  const without = kubernetesProgram({ ...input, secrets: {} as typeof input.secrets });
  await expect(registeredBy(without(plan))).rejects.toThrow("The secret env wasn't given");
});
