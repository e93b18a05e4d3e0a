import { describe, expect, it } from "vitest";
import { check, form, input, main, onCluster } from "#components/form/form-for-test.ts";
import { chooseModel, newRule, newVariant } from "#components/form/form-state.ts";

describe("toInput", () => {
  it("doesn't make an emptied weight the heaviest: its field says so", () => {
    const emptied = { ...main, weight: "" };
    const { problems } = check(form({ variants: [emptied, newVariant("canary", "ocr")] }));
    expect(problems).toEqual([{ field: "variants.0.weight", message: "Must be a number." }]);
    expect(check(form({ variants: [emptied] })).spec?.variants[0]?.weight).toBe(100);
  });
  it("brings another model's own health path, resources and requests in flight", () => {
    const before = { ...main, healthPath: "/ready", targetInFlight: "3", memory: "9Gi", gpus: "2" };
    const chosen = { ...before, ...chooseModel({ source: "preset", preset: "ocr" }) };
    for (const on of ["local", "prod"]) {
      const [variant] = check(form({ target: on, variants: [chosen] })).spec?.variants ?? [];
      const [fresh] = check(form({ target: on, variants: [newVariant("main", "ocr")] })).spec?.variants ?? [];
      expect(variant).toEqual(fresh);
    }
  });
  it("keeps what was typed badly, so that the schema can say so", () => {
    expect(input(form({ port: "many" })).endpoint?.port).toBeNaN();
  });
  it("gives a fixed number of replicas one number", () => {
    const [variant] =
      input(form({ variants: [{ ...main, metric: "none", minReplicas: "2", maxReplicas: "9" }] })).variants ??
      [];
    expect(variant?.scaling).toMatchObject({ minReplicas: 2, maxReplicas: 2, metric: "none" });
  });
  it("leaves out the conditions of a rule that are empty", () => {
    const rule = { ...newRule("main"), headerName: "x-beta", headerValue: "yes" };
    expect(input(form({ rules: [rule] })).routing?.rules).toEqual([
      { variant: "main", header: { name: "x-beta", value: "yes" } },
    ]);
  });
  it("counts the time to live in minutes", () => {
    expect(input(form({ lifetime: "2", lifetimeUnit: "days" })).ttlMinutes).toBe(2880);
    expect(input(form({ lifetime: "" })).ttlMinutes).toBeNull();
  });
  it("sends a certificate and its key as they were pasted, and nothing where nothing was", () => {
    const pasted = form({ tlsMode: "given", certificate: "cert\n", tlsKey: "key", redirectFrom: "" });
    expect(input(pasted).endpoint).toMatchObject({
      tls: { mode: "given", certificate: "cert", key: "key" },
      redirectFrom: null,
    });
    const kept = input(form({ tlsMode: "given", hasCertificate: true })).endpoint?.tls;
    expect(kept).toEqual({ mode: "given", certificate: undefined, key: undefined });
    expect(input(form({ tlsMode: "none", tlsKey: "left", redirectFrom: "8080" })).endpoint).toMatchObject({
      tls: { mode: "none" },
      redirectFrom: null,
    });
  });
});

describe("toInput for a cluster", () => {
  it("sends what is filled in there, numbers as numbers", () => {
    const image = { source: "image", image: " registry.example.com/m:1 ", imagePort: "9000" } as const;
    const scaling = { metric: "cpu", targetCpuPercent: "60", scaleDownSeconds: "30" } as const;
    const resources = { cpu: "2", memory: "4Gi", gpus: "1" };
    const pull = { kind: "given", registry: "registry.example.com", username: "ci", password: "s3" } as const;
    const filled = onCluster(
      { ...image, ...scaling, ...resources, runAsRoot: true },
      { gatewayClass: "traefik", serviceType: "NodePort", pull },
    );
    expect(input(filled)).toMatchObject({
      target: "prod",
      variants: [
        {
          model: { image: "registry.example.com/m:1", port: 9000, runAsRoot: true },
          scaling: {
            minReplicas: 1,
            maxReplicas: 3,
            metric: "cpu",
            targetCpuPercent: 60,
            scaleDownSeconds: 30,
          },
          resources: { cpu: "2", memory: "4Gi", gpus: 1 },
        },
      ],
      // A Gateway gives the address in a Service's place.
      endpoint: { gatewayClass: "traefik", serviceType: null },
      pullSecret: { registry: "registry.example.com", username: "ci", password: "s3" },
    });
    expect(check(filled).problems).toEqual([]);
  });
  it("doesn't send what was typed for another target", () => {
    const everything = {
      ...main,
      targetInFlight: "3",
      targetCpuPercent: "60",
      scaleDownSeconds: "30",
      cpu: "2",
      memory: "4Gi",
      gpus: "1",
      runAsRoot: true,
    };
    const typed = {
      variants: [everything],
      port: "9001",
      tlsMode: "self-signed" as const,
      redirectFrom: "9002",
      gatewayClass: "traefik",
      pull: { kind: "given" as const, registry: "r.example.com", username: "ci", password: "s3" },
    };
    for (const target of ["local", "prod"]) {
      expect(check(form({ ...typed, target })).problems, target).toEqual([]);
    }
    expect(input(form(typed))).not.toHaveProperty("pullSecret");
    expect(input(form({ ...typed, target: "prod" })).endpoint).not.toHaveProperty("port");
  });
  it("names no processor use where the number of replicas is fixed", () => {
    const [variant] = input(onCluster({ metric: "none", targetCpuPercent: "bad" })).variants ?? [];
    expect(variant?.scaling).toEqual({ minReplicas: 1, maxReplicas: 1, metric: "none" });
  });
});
