import { describe, expect, it } from "vitest";
import { checkForm, problemAt } from "#components/form/check-form.ts";
import {
  chooseModel,
  emptyForm,
  formOf,
  freeVariantName,
  newRule,
  newVariant,
  toInput,
  toSpecInput,
  type FormState,
} from "#components/form/form-state.ts";
import type { SpecView } from "#lib/deployments/view.ts";

function form(patch: Partial<FormState> = {}): FormState {
  return { ...emptyForm("k7m2"), ...patch };
}
const main = newVariant("main", "sentiment");

describe("an untouched form", () => {
  it("is good as it is: name, target and model are all it needs", () => {
    const { problems, spec, plan } = checkForm(form());
    expect(problems).toEqual([]);
    expect(spec?.variants[0]).toMatchObject({ name: "main", weight: 100, healthPath: "/healthz" });
    expect(plan.map((resource) => resource.name)).toEqual(["endpoint", "main", "main", "routes"]);
  });
});

describe("checkForm", () => {
  it("says each problem at its field", () => {
    const { problems, plan } = checkForm(
      form({
        name: "Bad_Name",
        variants: [{ ...main, minReplicas: "5", maxReplicas: "2", weight: "x" }],
        port: "80",
        env: [{ key: "1", name: "9LIVES", kind: "plain", value: "" }],
      }),
    );
    expect(plan).toEqual([]);
    expect(problems.map((problem) => problem.field).sort()).toEqual([
      "endpoint.port",
      "env.0.name",
      "name",
      "variants.0.scaling.maxReplicas",
      "variants.0.weight",
    ]);
    expect(problemAt(problems, "endpoint.port")).toContain("1024");
    expect(problemAt(problems, "endpoint")).toBeNull();
  });
  it("finds a rule to a variant that isn't there", () => {
    const { problems } = checkForm(form({ rules: [{ ...newRule("gone"), pathPrefix: "/v2/" }] }));
    expect(problems).toEqual([expect.objectContaining({ field: "routing.rules.0.variant" })]);
  });
  it("never keeps a secret's value in what it shows", () => {
    const { spec, plan } = checkForm(
      form({ env: [{ key: "1", name: "TOKEN", kind: "secret", value: "canary-9" }] }),
    );
    expect(spec?.env).toEqual([{ name: "TOKEN", secretId: "sealed" }]);
    expect(JSON.stringify(plan)).not.toContain("canary-9");
  });
});

describe("toInput", () => {
  it("doesn't make an emptied weight the heaviest: its field says so", () => {
    const emptied = { ...main, weight: "" };
    const { problems } = checkForm(form({ variants: [emptied, newVariant("canary", "ocr")] }));
    expect(problems).toEqual([{ field: "variants.0.weight", message: "Must be a number." }]);
    expect(checkForm(form({ variants: [emptied] })).spec?.variants[0]?.weight).toBe(100);
  });
  it("brings another model's own health path and requests in flight", () => {
    const before = { ...main, healthPath: "/ready", targetInFlight: "3" };
    const chosen = { ...before, ...chooseModel({ source: "preset", preset: "ocr" }) };
    const [variant] = checkForm(form({ variants: [chosen] })).spec?.variants ?? [];
    const [fresh] = checkForm(form({ variants: [newVariant("main", "ocr")] })).spec?.variants ?? [];
    expect(variant).toEqual(fresh);
  });
  it("keeps what was typed badly, so that the schema can say so", () => {
    const input = toInput(form({ port: "many" }));
    expect(input.endpoint?.port).toBeNaN();
  });
  it("gives a fixed number of replicas one number", () => {
    const [variant] =
      toInput(form({ variants: [{ ...main, metric: "none", minReplicas: "2", maxReplicas: "9" }] }))
        .variants ?? [];
    expect(variant?.scaling).toMatchObject({ minReplicas: 2, maxReplicas: 2, metric: "none" });
  });
  it("leaves out the conditions of a rule that are empty", () => {
    const rule = { ...newRule("main"), headerName: "x-beta", headerValue: "yes" };
    expect(toInput(form({ rules: [rule] })).routing?.rules).toEqual([
      { variant: "main", header: { name: "x-beta", value: "yes" } },
    ]);
  });
  it("counts the time to live in minutes", () => {
    expect(toInput(form({ lifetime: "2", lifetimeUnit: "days" })).ttlMinutes).toBe(2880);
    expect(toInput(form({ lifetime: "" })).ttlMinutes).toBeNull();
  });
});

describe("layer 4 and HTTPS", () => {
  it("says at each field what layer 4 can't do", () => {
    const { problems } = checkForm(form({ layer: "4", affinityBy: "cookie" }));
    expect(problemAt(problems, "endpoint.access")).toContain("layer 4 doesn't read it");
    expect(problemAt(problems, "routing.affinity")).toContain("Sticking by cookie");
    expect(checkForm(form({ layer: "4", access: "open" })).problems).toEqual([]);
  });
  it("plans the endpoint with what it will be", () => {
    const { plan } = checkForm(form({ tlsMode: "self-signed", redirectFrom: "8080" }));
    expect(plan[0]?.summary).toContain("HTTPS, self-signed, HTTP at 8080 redirected to it");
    expect(checkForm(form({ layer: "4", access: "open" })).plan[0]?.summary).toContain("layer 4");
  });
  it("sends a certificate and its key as they were pasted, and nothing where nothing was", () => {
    const pasted = form({ tlsMode: "given", certificate: "cert\n", tlsKey: "key", redirectFrom: "" });
    expect(toInput(pasted).endpoint).toMatchObject({
      tls: { mode: "given", certificate: "cert", key: "key" },
      redirectFrom: null,
    });
    const kept = toInput(form({ tlsMode: "given", hasCertificate: true })).endpoint?.tls;
    expect(kept).toEqual({ mode: "given", certificate: undefined, key: undefined });
    expect(toInput(form({ tlsMode: "none", tlsKey: "left", redirectFrom: "8080" })).endpoint).toMatchObject({
      tls: { mode: "none" },
      redirectFrom: null,
    });
  });
});

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
    ttlMinutes: 90,
  };

  it("sends back exactly what it was made of, with the secrets kept", () => {
    expect(toSpecInput(formOf("reviews", spec))).toEqual({
      variants: spec.variants,
      routing: spec.routing,
      endpoint: { ...spec.endpoint, tls: { mode: "none" } },
      env: [
        { name: "LOG_LEVEL", value: "info" },
        { name: "TOKEN", keep: true },
      ],
      ttlMinutes: 90,
    });
  });
  it("shows a time to live in the largest unit that fits", () => {
    expect(formOf("x", { ...spec, ttlMinutes: 2880 })).toMatchObject({ lifetime: "2", lifetimeUnit: "days" });
    expect(formOf("x", { ...spec, ttlMinutes: 90 })).toMatchObject({
      lifetime: "90",
      lifetimeUnit: "minutes",
    });
  });
});

describe("freeVariantName", () => {
  it("never gives a name that is there", () => {
    const variants = [main];
    for (let count = 0; count < 7; count += 1)
      variants.push(newVariant(freeVariantName(variants), "sentiment"));
    expect(new Set(variants.map((variant) => variant.name)).size).toBe(8);
  });
});
