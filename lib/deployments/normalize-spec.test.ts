import { expect, test } from "vitest";
import { good, variants, withoutModel } from "#lib/deployments/normalize-for-test.ts";
import { normalizeDeployment } from "#lib/deployments/normalize-spec.ts";

const nameShape =
  "Use lower-case letters, digits and hyphens; start with a letter and don't end with a hyphen.";

test("one problem is said in the error's own sentence, several are counted", () => {
  expect(() => normalizeDeployment({ ...good, name: "A" })).toThrow(`name: ${nameShape}`);
  expect(() => normalizeDeployment({ ...good, name: "A", colour: 1 })).toThrow("2 fields need a change.");
  expect(() => normalizeDeployment({ ...good, name: "" })).toThrow("name: Give it a name.");
});

test("the short form becomes the variant main with every default", () => {
  expect(normalizeDeployment(good)).toEqual({
    name: "one",
    place: { kind: "local", name: "local", targetId: null, refusal: null, offers: null, project: null },
    draft: {
      version: 1,
      target: "local",
      variants: [
        {
          name: "main",
          model: { preset: "sentiment" },
          scaling: {
            minReplicas: 1,
            maxReplicas: 3,
            metric: "inflight",
            targetInFlight: 4,
            targetCpuPercent: 70,
            scaleDownSeconds: 300,
          },
          resources: null,
          weight: 100,
          healthPath: "/healthz",
        },
      ],
      routing: { layer: 7, rules: [], algorithm: "least-connections", affinity: { by: "none" } },
      endpoint: {
        port: null,
        access: "private",
        tls: { mode: "none" },
        redirectFrom: null,
        gatewayClass: null,
        serviceType: null,
      },
      env: [],
      pullSecret: null,
      google: null,
      ttlMinutes: null,
    },
  });
});

test.each([
  [{ metric: "none" }, { minReplicas: 1, maxReplicas: 1 }],
  [
    { minReplicas: 4, metric: "none" },
    { minReplicas: 4, maxReplicas: 4 },
  ],
  [{ minReplicas: 4 }, { minReplicas: 4, maxReplicas: 6 }],
  [{ minReplicas: 19 }, { minReplicas: 19, maxReplicas: 20 }],
  [
    { minReplicas: 2, maxReplicas: 2 },
    { minReplicas: 2, maxReplicas: 2 },
  ],
])("scaling %j gets its missing bounds", (scaling, expected) => {
  expect(normalizeDeployment({ ...good, scaling }).draft.variants[0]?.scaling).toMatchObject(expected);
});

test("several variants keep their own names, weights and scaling", () => {
  const { draft } = normalizeDeployment({
    ...withoutModel,
    variants,
    routing: {
      rules: [{ variant: "b", header: { name: "x-beta", value: "1" } }],
      affinity: { by: "cookie" },
    },
  });
  expect(draft.variants.map((v) => [v.name, v.weight])).toEqual([
    ["a", 100],
    ["b", 0],
  ]);
  expect(draft.routing.algorithm).toBe("least-connections");
});
