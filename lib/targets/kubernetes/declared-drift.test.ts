import { expect, test } from "vitest";
import { declaredDrift } from "#lib/targets/kubernetes/declared-drift.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";

const deployment = {
  metadata: { name: "model-main", labels: { a: "1" } },
  spec: {
    replicas: 2,
    template: {
      spec: {
        containers: [
          { name: "model", image: "m:1", resources: { requests: { cpu: "1000m", memory: "1Gi" } } },
        ],
        volumes: [{ name: "run", emptyDir: {} }],
        tolerations: [],
      },
    },
  },
};
const changed = (change: (live: typeof deployment) => void) => {
  const live = structuredClone(deployment);
  change(live);
  return declaredDrift(deployment, live);
};

test("what was changed by hand is said with both values", () => {
  expect(changed((live) => void (live.spec.replicas = 5))).toBe("spec.replicas is 5 instead of 2");
  expect(changed((live) => void (live.spec.template.spec.containers[0]!.image = "other:2"))).toBe(
    "spec.template.spec.containers[model].image is other:2 instead of m:1",
  );
  expect(changed((live) => void (live.metadata.labels = {} as never))).toBe("metadata.labels.a is gone");
  expect(changed((live) => void (live.spec.template.spec.containers = []))).toContain(
    "containers[model] is gone",
  );
});

test("what the API server and controllers write isn't drift", () => {
  const live = {
    ...structuredClone(deployment),
    status: { replicas: 2 },
  };
  live.metadata.labels = { ...live.metadata.labels, "pod-template-hash": "x" } as never;
  Object.assign(live.metadata, {
    uid: "u",
    generation: 3,
    annotations: { "deployment.kubernetes.io/revision": "4" },
  });
  const { spec } = live.spec.template;
  Object.assign(live.spec.template, {
    metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "now" } },
  });
  Object.assign(spec, { dnsPolicy: "ClusterFirst" });
  delete (spec as Record<string, unknown>).tolerations;
  spec.containers[0]!.resources.requests.cpu = "1";
  spec.containers.unshift({ name: "sidecar", image: "mesh" } as never);
  expect(declaredDrift(deployment, live)).toBeNull();
  // An HPA's replicas: the manifest says nothing of them.
  const { replicas: _, ...scaled } = deployment.spec;
  expect(declaredDrift({ spec: scaled }, { spec: { ...scaled, replicas: 7 } })).toBeNull();
});

test("what is secret is neither compared nor shown", () => {
  const hidden = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" };
  expect(declaredDrift({ stringData: hidden, data: { $secret: "env" } }, { data: hidden })).toBeNull();
});

test("of very many differences a few are named, and of a long value its beginning", () => {
  const data = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`k${n}`, "a"]));
  const other = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`k${n}`, "b".repeat(500)]));
  const said = declaredDrift({ data }, { data: other })!;
  expect(said).toContain("; and 5 more");
  expect(said.length).toBeLessThan(500);
});

test.each(Object.entries(forms))("an object as it was declared has none: %s", (_name, { spec, settings }) => {
  for (const { inputs } of planKubernetes("dep-0123456789ab", spec, settings))
    expect(declaredDrift(inputs, structuredClone(inputs))).toBeNull();
});
