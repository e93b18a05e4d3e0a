import { describe, expect, it } from "vitest";
import { changedFields } from "#components/form/changed-fields.ts";
import { checkForm } from "#components/form/check-form.ts";
import { formOf } from "#components/form/form-of.ts";
import { toSpecInput } from "#components/form/to-input.ts";
import type { SpecView } from "#lib/deployments/view.ts";
import { builtInPlaces } from "#lib/targets/place.ts";
import { clusterForTest } from "#lib/targets/place-for-test.ts";

const [local] = builtInPlaces as [(typeof builtInPlaces)[number]];

describe("formOf", () => {
  const unused = { targetCpuPercent: 70, scaleDownSeconds: 300 };
  const spec: SpecView = {
    version: 1,
    target: "local",
    variants: [
      {
        name: "main",
        model: { preset: "sentiment" },
        scaling: { minReplicas: 2, maxReplicas: 4, metric: "inflight", targetInFlight: 3.5, ...unused },
        resources: null,
        weight: 90,
        healthPath: "/ready",
      },
      {
        name: "canary",
        model: { preset: "ocr" },
        scaling: { minReplicas: 1, maxReplicas: 1, metric: "none", targetInFlight: 1, ...unused },
        resources: null,
        weight: 10,
        healthPath: "/healthz",
      },
    ],
    routing: {
      layer: 7,
      rules: [{ variant: "canary", cookie: { name: "beta", value: "1" }, method: "POST" }],
      algorithm: "random",
      affinity: { by: "header", header: "x-session" },
    },
    endpoint: {
      port: 9001,
      access: "open",
      tls: { mode: "none", certificate: null },
      redirectFrom: null,
      gatewayClass: null,
      serviceType: null,
    },
    pullSecret: null,
    env: [
      { name: "LOG_LEVEL", value: "info" },
      { name: "TOKEN", secret: true },
    ],
    google: null,
    ttlMinutes: 90,
  };

  it("sends back exactly what it was made of, with the secrets kept", () => {
    expect(toSpecInput(formOf("reviews", spec, local), local)).toEqual({
      variants: spec.variants.map(({ resources: _, scaling, ...variant }) => {
        const { targetCpuPercent: _cpu, scaleDownSeconds: _down, ...own } = scaling;
        return { ...variant, scaling: own };
      }),
      routing: spec.routing,
      endpoint: { port: 9001, access: "open", tls: { mode: "none" }, redirectFrom: null },
      env: [
        { name: "LOG_LEVEL", value: "info" },
        { name: "TOKEN", keep: true },
      ],
      ttlMinutes: 90,
    });
  });
  it("shows a time to live in the largest unit that fits", () => {
    expect(formOf("x", { ...spec, ttlMinutes: 2880 }, local)).toMatchObject({
      lifetime: "2",
      lifetimeUnit: "days",
    });
    expect(formOf("x", { ...spec, ttlMinutes: 90 }, local)).toMatchObject({
      lifetime: "90",
      lifetimeUnit: "minutes",
    });
  });
});

describe("formOf a deployment on a cluster", () => {
  const cluster = clusterForTest();
  const spec: SpecView = {
    version: 1,
    target: "kubernetes",
    variants: [
      {
        name: "main",
        model: { image: "registry.example.com/m:1", port: 9000, healthPath: "/healthz", runAsRoot: true },
        scaling: {
          minReplicas: 2,
          maxReplicas: 5,
          metric: "cpu",
          targetInFlight: 4,
          targetCpuPercent: 55,
          scaleDownSeconds: 20,
        },
        resources: { cpu: "2", memory: "4Gi", gpus: 1 },
        weight: 100,
        healthPath: "/ready",
      },
    ],
    routing: { layer: 7, rules: [], algorithm: "round-robin", affinity: { by: "none" } },
    endpoint: {
      port: null,
      access: "private",
      tls: { mode: "none", certificate: null },
      redirectFrom: null,
      gatewayClass: "traefik",
      serviceType: null,
    },
    pullSecret: { registry: "registry.example.com", username: "ci" },
    env: [],
    google: null,
    ttlMinutes: null,
  };
  const form = formOf("reviews", spec, cluster);

  it("comes back as the spec that it was made of", () => {
    const checked = checkForm(form, [cluster], { id: "dep-1", standing: null });
    expect(checked.problems).toEqual([]);
    expect(checked.spec).toEqual({
      ...spec,
      endpoint: { ...spec.endpoint, tls: { mode: "none" } },
      pullSecret: { ...spec.pullSecret, secretId: "sealed" },
    });
    expect(toSpecInput(form, cluster).pullSecret).toEqual({ ...spec.pullSecret, keep: true });
  });
  it("sends a Service where the Gateway was left, and a pull secret that was taken away", () => {
    const left = { ...form, gatewayClass: "", serviceType: "NodePort" as const };
    expect(changedFields(form, left, cluster)).toEqual({
      endpoint: { access: "private", tls: { mode: "none" }, gatewayClass: null, serviceType: "NodePort" },
    });
    const pull = { kind: "none" as const, registry: "", username: "", password: "" };
    expect(changedFields(form, { ...form, pull }, cluster)).toEqual({ pullSecret: null });
  });
  it("replaces a stored password", () => {
    const replaced = { ...form, pull: { ...form.pull, kind: "given" as const, password: "s3" } };
    expect(changedFields(form, replaced, cluster)).toEqual({
      pullSecret: { registry: "registry.example.com", username: "ci", password: "s3" },
    });
  });
});
