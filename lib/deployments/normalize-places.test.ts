import { describe, expect, test } from "vitest";
import { good, problemsOf } from "#lib/deployments/normalize-for-test.ts";
import { normalizeDeployment } from "#lib/deployments/normalize-spec.ts";
import { builtInPlaces, type Place } from "#lib/targets/place.ts";
import { clusterForTest, placesForTest } from "#lib/targets/place-for-test.ts";

const image = { image: "registry.example.org/model:1", port: 9000 };
const onCluster = { ...good, target: "prod" };
const draftOf = (input: object, places: readonly Place[] = placesForTest) =>
  normalizeDeployment({ ...onCluster, ...input }, places).draft;

describe("a registered cluster by its name", () => {
  test("brings its own defaults", () => {
    const { draft, place } = normalizeDeployment(onCluster, placesForTest);
    expect(place.targetId).toBe("tgt-1");
    expect(draft).toMatchObject({
      target: "kubernetes",
      variants: [
        {
          scaling: { minReplicas: 1, maxReplicas: 3, metric: "cpu", targetCpuPercent: 70 },
          resources: { cpu: "250m", memory: "320Mi", gpus: 0 },
        },
      ],
      endpoint: { gatewayClass: null, serviceType: "NodePort" },
    });
  });

  test("gives the address in the way it was seen to, unless another is chosen", () => {
    const withBalancers = [clusterForTest({ loadBalancers: true })];
    expect(draftOf({}, withBalancers).endpoint.serviceType).toBe("LoadBalancer");
    expect(draftOf({ endpoint: { serviceType: "NodePort" } }, withBalancers).endpoint.serviceType).toBe(
      "NodePort",
    );
    expect(draftOf({ endpoint: { gatewayClass: "traefik" } }, withBalancers).endpoint).toMatchObject({
      gatewayClass: "traefik",
      serviceType: null,
    });
  });

  test("has a fixed number of replicas where nothing tells how busy they are", () => {
    expect(draftOf({}, [clusterForTest({ autoscaling: false })]).variants[0]?.scaling).toMatchObject({
      metric: "none",
      minReplicas: 1,
      maxReplicas: 1,
    });
  });

  test("takes images, resources and a pull secret", () => {
    const pullSecret = { registry: "registry.example.org", username: "reader", password: "secret" };
    const resources = { cpu: "2", memory: "4Gi", gpus: 1 };
    expect(draftOf({ model: { ...image, runAsRoot: true }, resources, pullSecret })).toMatchObject({
      variants: [{ model: { ...image, runAsRoot: true }, resources, healthPath: "/healthz" }],
      pullSecret,
    });
  });
});

describe("what a place can't do is refused at its field", () => {
  test.each([
    ["what only a cluster has, on this machine", { resources: { gpus: 1 } }, "resources"],
    ["processor use, on this machine", { scaling: { metric: "cpu" } }, "scaling.metric"],
    ["a Gateway class, on this machine", { endpoint: { gatewayClass: "traefik" } }, "endpoint.gatewayClass"],
    ["a Service, on this machine", { endpoint: { serviceType: "NodePort" } }, "endpoint.serviceType"],
    [
      "a pull secret, on this machine",
      { pullSecret: { registry: "r.example.org", username: "u", password: "p" } },
      "pullSecret",
    ],
  ])("%s", (_what, input, field) => {
    expect(problemsOf({ ...good, ...input }).map((problem) => problem.field)).toEqual([field]);
    expect(problemsOf({ ...onCluster, ...input }, placesForTest)).toEqual([]);
  });

  test.each([
    ["requests in flight", { scaling: { metric: "inflight" } }, {}, "scaling.metric"],
    ["this machine's port", { endpoint: { port: 9000 } }, {}, "endpoint.port"],
    [
      "processor use without a metrics API",
      { scaling: { metric: "cpu" } },
      { autoscaling: false },
      "scaling.metric",
    ],
    ["a built-in model without an image prefix", {}, { imagePrefix: null }, "model.preset"],
    [
      "a Gateway class that isn't there",
      { endpoint: { gatewayClass: "other" } },
      {},
      "endpoint.gatewayClass",
    ],
    [
      "any Gateway class without Gateway API",
      { endpoint: { gatewayClass: "traefik" } },
      { gatewayClasses: [] },
      "endpoint.gatewayClass",
    ],
    ["memory that is none", { resources: { memory: "lots" } }, {}, "resources.memory"],
  ])("on a cluster: %s", (_what, input, offers, field) => {
    const problems = problemsOf({ ...onCluster, ...input }, [clusterForTest(offers)]);
    expect(problems.map((problem) => problem.field)).toEqual([field]);
  });

  test("has a plain Service at layer 4, which knows no variants", () => {
    const variants = ["a", "b"].map((name) => ({ name, model: image }));
    const input = { routing: { layer: 4 }, endpoint: { access: "open" } };
    const several = { ...onCluster, ...input, model: undefined, variants };
    expect(problemsOf(several, placesForTest).map(({ field }) => field)).toEqual(["variants"]);
    expect(problemsOf({ ...several, routing: {} }, placesForTest)).toEqual([]);
    expect(draftOf({ ...input, model: image }).routing.layer).toBe(4);
  });

  test("a Gateway at layer 4", () => {
    const input = { routing: { layer: 4 }, endpoint: { access: "open", gatewayClass: "traefik" } };
    expect(problemsOf({ ...onCluster, ...input }, placesForTest)).toMatchObject([
      { field: "endpoint.gatewayClass" },
    ]);
  });
});

describe("a place that can't be had", () => {
  const messageOf = (target: string, places: readonly Place[]) =>
    problemsOf({ ...good, target }, places)[0]?.message;

  test("a cluster in trouble says why", () => {
    expect(messageOf("prod", [clusterForTest({}, { refusal: "It can't be reached." })])).toBe(
      "It can't be reached.",
    );
  });
  test("the kind alone isn't a place", () => {
    expect(messageOf("kubernetes", placesForTest)).toBe("Name the cluster: prod.");
    expect(messageOf("kubernetes", builtInPlaces)).toContain("No cluster is registered");
  });
});
