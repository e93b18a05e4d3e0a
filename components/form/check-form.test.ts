import { describe, expect, it } from "vitest";
import { checkForm, placeIn, problemAt } from "#components/form/check-form.ts";
import { check, cluster, form, main, onCluster } from "#components/form/form-for-test.ts";
import { newRule } from "#components/form/form-state.ts";
import { builtInPlaces } from "#lib/targets/place.ts";
import { clusterForTest, placesForTest } from "#lib/targets/place-for-test.ts";

describe("an untouched form", () => {
  it("is good as it is: name, target and model are all it needs", () => {
    const { problems, spec, plan } = check(form());
    expect(problems).toEqual([]);
    expect(spec?.variants[0]).toMatchObject({ name: "main", weight: 100, healthPath: "/healthz" });
    expect(plan.map((resource) => resource.name)).toEqual(["endpoint", "main", "main", "routes"]);
  });
  it("is good on a cluster too, with what is usual there", () => {
    const { problems, spec, plan } = check(onCluster());
    expect(problems).toEqual([]);
    expect(spec?.target).toBe("kubernetes");
    expect(spec?.variants[0]).toMatchObject({
      scaling: { metric: "cpu", targetCpuPercent: 70, scaleDownSeconds: 300 },
      resources: { cpu: "250m", memory: "320Mi", gpus: 0 },
    });
    expect(spec?.endpoint).toMatchObject({ port: null, gatewayClass: null, serviceType: "NodePort" });
    expect(plan[0]).toMatchObject({ type: "kubernetes:core/v1:Namespace", name: "sluice-dep-…" });
    expect(plan.some(({ type }) => type.endsWith(":HorizontalPodAutoscaler"))).toBe(true);
  });
});

describe("checkForm", () => {
  it("says each problem at its field", () => {
    const { problems, plan } = check(
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
  it("says what is wrong with a cluster's fields at them", () => {
    const { problems } = check(
      onCluster(
        { source: "image", cpu: "many", memory: "2 GB", gpus: "-1", targetCpuPercent: "5" },
        { pull: { kind: "given", registry: "https://registry", username: "", password: "" } },
      ),
    );
    expect(problems.map((problem) => problem.field).sort()).toEqual([
      "pullSecret.password",
      "pullSecret.registry",
      "pullSecret.username",
      "variants.0.model.image",
      "variants.0.resources.cpu",
      "variants.0.resources.gpus",
      "variants.0.resources.memory",
      "variants.0.scaling.targetCpuPercent",
    ]);
  });
  it("finds a rule to a variant that isn't there", () => {
    const { problems } = check(form({ rules: [{ ...newRule("gone"), pathPrefix: "/v2/" }] }));
    expect(problems).toEqual([expect.objectContaining({ field: "routing.rules.0.variant" })]);
  });
  it("never keeps a secret's value in what it shows", () => {
    const { spec, plan } = check(
      onCluster(
        {},
        {
          env: [{ key: "1", name: "TOKEN", kind: "secret", value: "canary-9" }],
          pull: { kind: "given", registry: "registry.example.com", username: "ci", password: "canary-8" },
        },
      ),
    );
    expect(spec?.env).toEqual([{ name: "TOKEN", secretId: "sealed" }]);
    expect(spec?.pullSecret).toEqual({
      registry: "registry.example.com",
      username: "ci",
      secretId: "sealed",
    });
    expect(JSON.stringify([spec, plan])).not.toContain("canary");
  });
  it("refuses at the target one that is in trouble, or has gone away meanwhile", () => {
    const troubled = clusterForTest({}, { refusal: "No node of this cluster takes pods." });
    expect(checkForm(onCluster(), [...builtInPlaces, troubled]).problems).toEqual([
      { field: "target", message: "No node of this cluster takes pods." },
    ]);
    expect(checkForm(onCluster(), builtInPlaces).problems).toEqual([
      expect.objectContaining({ field: "target" }),
    ]);
    expect(placeIn(builtInPlaces, cluster.name)).toMatchObject({ kind: "kubernetes", offers: null });
  });
  it("refuses at the scaling what a cluster without a metrics API can't follow", () => {
    const places = [...builtInPlaces, clusterForTest({ autoscaling: false })];
    expect(checkForm(onCluster(), places).problems).toEqual([]);
    expect(checkForm(onCluster({ metric: "cpu" }), places).problems).toEqual([
      expect.objectContaining({ field: "variants.0.scaling.metric" }),
    ]);
  });
});

describe("layer 4 and HTTPS", () => {
  it("says at each field what layer 4 can't do", () => {
    const { problems } = check(form({ layer: "4", affinityBy: "cookie" }));
    expect(problemAt(problems, "endpoint.access")).toContain("layer 4 doesn't read it");
    expect(problemAt(problems, "routing.affinity")).toContain("Sticking by cookie");
    expect(check(form({ layer: "4", access: "open" })).problems).toEqual([]);
    const gateway = check(onCluster({}, { layer: "4", access: "open", gatewayClass: "traefik" })).problems;
    expect(problemAt(gateway, "endpoint.gatewayClass")).toContain("which is layer 7");
  });
  it("plans the endpoint with what it will be", () => {
    const { plan } = check(form({ tlsMode: "self-signed", redirectFrom: "8080" }));
    expect(plan[0]?.summary).toContain("HTTPS, self-signed, HTTP at 8080 redirected to it");
    expect(check(form({ layer: "4", access: "open" })).plan[0]?.summary).toContain("layer 4");
  });
  it("plans with a deployment's own id where it is there", () => {
    const { plan } = checkForm(onCluster(), placesForTest, { id: "dep-7k2m9x4q8w3v", standing: null });
    expect(plan[0]?.name).toBe("sluice-dep-7k2m9x4q8w3v");
  });
});
