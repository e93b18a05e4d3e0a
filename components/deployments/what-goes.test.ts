import { describe, expect, it } from "vitest";
import { deploymentForTest } from "#components/deployments/deployment-for-test.ts";
import { whatGoes } from "#components/deployments/what-goes.ts";
import { googleSpecForTest, ownClusterOfSpec } from "#lib/deployments/google-spec-for-test.ts";
import type { GoogleSpec } from "#lib/deployments/google-spec.ts";
import { existingClusterForTest } from "#lib/targets/gke/forms-for-test.ts";

const base = deploymentForTest();

it("on this machine and on a cluster, what is made there goes", () => {
  expect(whatGoes({ ...base, targetKind: "local" })).toEqual({
    goes: "its 2 replicas, its place in the load balancer and its endpoint",
    also: "",
  });
  expect(whatGoes(base)).toEqual({
    goes: "its 2 replicas, its namespace with all that is in it and its endpoint",
    also: "The cluster stays.",
  });
});

it("replicas that there are none of aren't spoken of", () => {
  expect(whatGoes({ ...base, replicas: { desired: 1, ready: 0 } }).goes).toMatch(/^its 1 replica,/);
  expect(whatGoes({ ...base, replicas: { desired: 0, ready: 0 } }).goes).toMatch(/^its namespace/);
});

describe("at Google", () => {
  const said = (change: Partial<GoogleSpec>) =>
    whatGoes({
      targetKind: "gke",
      replicas: { desired: 0, ready: 0 },
      spec: { google: googleSpecForTest(change) },
    });

  it("a cluster of its own goes with its nodes and its network, and it takes a while", () => {
    expect(said({})).toEqual({
      goes: "its GKE cluster with all nodes, its network, its load balancer and its address",
      also: "It takes some minutes.",
    });
  });

  it("static files go too", () => {
    const staticContent = { prefix: "/static", archive: "arc-0123456789ab" };
    expect(said({ staticContent }).goes).toContain("its network, its static files, its load balancer");
  });

  it("a network that was chosen stays", () => {
    const network = { network: "ours", subnetwork: "a", podsRange: "pods", servicesRange: "services" };
    expect(said({ cluster: { ...ownClusterOfSpec, network } })).toEqual({
      goes: "its GKE cluster with all nodes, its load balancer and its address",
      also: "The network ours stays. It takes some minutes.",
    });
  });

  it("so does a cluster that was there already", () => {
    const cluster = existingClusterForTest;
    expect(said({ cluster })).toEqual({
      goes: "its namespace with all that is in it, its load balancer and its address",
      also: "The cluster shared stays. It takes some minutes.",
    });
  });
});
