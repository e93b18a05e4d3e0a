import { expect, test } from "vitest";
import {
  googleCluster,
  toClusterFound,
  whyUnreachable,
  whyUnusable,
} from "#lib/targets/gke/existing-cluster.ts";

const fine = {
  name: "shared",
  location: "us-central1-a",
  status: "RUNNING",
  networkConfig: { network: "projects/demo-proj/global/networks/default" },
  ipAllocationPolicy: { useIpAliases: true, clusterIpv4CidrBlock: "10.4.0.0/14" },
};
const where = { project: "demo-proj", region: "us-central1" };
const codes = (change: object) =>
  whyUnusable(googleCluster.parse({ ...fine, ...change }), where).map(({ code }) => code);

test.each([
  [{}, []],
  [{ status: "RECONCILING" }, []],
  [{ location: "us-central1" }, []],
  [{ addonsConfig: { httpLoadBalancing: {} } }, []],
  [{ status: "ERROR", statusMessage: "broken" }, ["not_running"]],
  [{ resourceLabels: { "sluice-deployment": "dep-0123456789ab" } }, ["owned"]],
  [{ location: "us-central2" }, ["elsewhere"]],
  [{ location: "europe-west1-b" }, ["elsewhere"]],
  [{ ipAllocationPolicy: { useIpAliases: false } }, ["not_vpc_native"]],
  [{ ipAllocationPolicy: null }, ["not_vpc_native"]],
  [{ addonsConfig: { httpLoadBalancing: { disabled: true } } }, ["no_load_balancing"]],
  [{ autopilot: { enabled: true } }, ["autopilot"]],
  [{ networkConfig: { network: "projects/host-proj/global/networks/vpc" } }, ["foreign_network"]],
  [{ networkConfig: { network: "projects/demo-proj-2/global/networks/vpc" } }, ["foreign_network"]],
])("a cluster with %j has the problems %j", (change, problems) => {
  expect(codes(change)).toEqual(problems);
});

test.each([
  [{ privateClusterConfig: { enablePrivateEndpoint: true } }, "private_endpoint"],
  [
    { controlPlaneEndpointsConfig: { ipEndpointsConfig: { enablePublicEndpoint: false } } },
    "private_endpoint",
  ],
  [{ controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: false } } }, "private_endpoint"],
  [{ masterAuthorizedNetworksConfig: { enabled: true } }, "authorized_networks"],
  [
    { controlPlaneEndpointsConfig: { ipEndpointsConfig: { authorizedNetworksConfig: { enabled: true } } } },
    "authorized_networks",
  ],
  [{}, "unreachable"],
])("a control plane that isn't reached, with %j, is %s", (change, code) => {
  expect(whyUnreachable(googleCluster.parse({ ...fine, ...change }))).toMatchObject({ code });
});

test.each([
  ["no pool is told of", {}, ["us-central1-a"]],
  ["no pool is there", { nodePools: [] }, ["us-central1-a"]],
  ["a pool names none", { nodePools: [{}] }, ["us-central1-a"]],
  ["a pool is elsewhere", { nodePools: [{ locations: ["us-central1-b"] }] }, ["us-central1-b"]],
  [
    "pools differ",
    { nodePools: [{ locations: ["us-central1-c", "us-central1-b"] }, {}, { locations: ["us-central1-b"] }] },
    ["us-central1-a", "us-central1-b", "us-central1-c"],
  ],
  [
    "a pool is being deleted",
    { nodePools: [{}, { locations: ["us-central1-b"], status: "STOPPING" }] },
    ["us-central1-a"],
  ],
])("where %s, its zones are those of its nodes", (_, change, zones) => {
  const cluster = googleCluster.parse({ ...fine, locations: ["us-central1-a"], ...change });
  expect(toClusterFound(cluster, []).zones).toEqual(zones);
});

test("what a form needs of a cluster is taken from it", () => {
  expect(toClusterFound(googleCluster.parse({ ...fine, locations: ["us-central1-a"] }), [])).toEqual({
    name: "shared",
    location: "us-central1-a",
    status: "RUNNING",
    version: null,
    zones: ["us-central1-a"],
    network: "projects/demo-proj/global/networks/default",
    podsRange: "10.4.0.0/14",
    morePodsRanges: [],
    problems: [],
  });
});

test("pools with a range of their own have their pods' addresses beside the cluster's", () => {
  const of = (podIpv4CidrBlock?: string | null) => ({ networkConfig: { podIpv4CidrBlock } });
  const found = (change: object) => toClusterFound(googleCluster.parse({ ...fine, ...change }), []);
  const nodePools = [of("10.60.0.0/20"), of("10.4.0.0/14"), of("10.50.0.0/20"), of("10.60.0.0/20"), of(), {}];
  expect(found({ nodePools })).toMatchObject({
    podsRange: "10.4.0.0/14",
    morePodsRanges: ["10.50.0.0/20", "10.60.0.0/20"],
  });
  // Its pods are there until it is gone.
  expect(found({ nodePools: [{ ...of("10.50.0.0/20"), status: "STOPPING" }] }).morePodsRanges).toEqual([
    "10.50.0.0/20",
  ]);
  expect(found({ nodePools: [of(null)] }).morePodsRanges).toEqual([]);
});
