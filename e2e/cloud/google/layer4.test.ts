import { afterAll, beforeAll, expect, test } from "vitest";
import { googleForTest, project } from "#e2e/cloud/google/google-for-test.ts";
import { global, makeNetwork, must, refusal, region, zone } from "#e2e/cloud/google/graph-for-test.ts";

let held: Awaited<ReturnType<typeof googleForTest>>;
beforeAll(async () => {
  held = await googleForTest();
});
afterAll(() => held.google.close());

test("what GKE makes for a load balancer of layer 4 is taken, in a region of its own", async () => {
  const { ask } = held;
  await makeNetwork(ask);
  await must(ask, "POST", `${region}/addresses`, { name: "ip" });
  const { address, region: place } = await must(ask, "GET", `${region}/addresses/ip`);
  expect(place).toBe(held.google.url + region);
  const network = `projects/${project}/global/networks/n`;
  const group = { name: "l4", networkEndpointType: "GCE_VM_IP", network };
  await must(ask, "POST", `${zone}/networkEndpointGroups`, group);
  const networkEndpoints = [{ ipAddress: "10.10.0.2", instance: "gke-node" }];
  await must(ask, "POST", `${zone}/networkEndpointGroups/l4/attachNetworkEndpoints`, { networkEndpoints });
  const check = { name: "h", type: "HTTP", httpHealthCheck: { port: 10256, requestPath: "/healthz" } };
  await must(ask, "POST", `${region}/healthChecks`, check);
  await must(ask, "POST", `${region}/backendServices`, {
    name: "b",
    loadBalancingScheme: "EXTERNAL",
    protocol: "TCP",
    healthChecks: [`projects/${project}/regions/us-central1/healthChecks/h`],
    backends: [
      {
        group: `projects/${project}/zones/us-central1-a/networkEndpointGroups/l4`,
        balancingMode: "CONNECTION",
      },
    ],
  });
  const backendService = `projects/${project}/regions/us-central1/backendServices/b`;
  const rule = {
    name: "r",
    IPAddress: address,
    IPProtocol: "TCP",
    ports: ["80"],
    loadBalancingScheme: "EXTERNAL",
    backendService,
  };
  await must(ask, "POST", `${region}/forwardingRules`, rule);
  expect(await must(ask, "GET", `${region}/addresses/ip`)).toMatchObject({ status: "IN_USE" });
  const elsewhere = region.replace("us-central1", "europe-west1");
  expect(await ask("POST", `${elsewhere}/forwardingRules`, rule)).toMatchObject(
    refusal(400, "invalid", /isn't reserved/),
  );
  expect(
    await ask("POST", `${region.replace("us-central1", "mars-1")}/addresses`, { name: "ip" }),
  ).toMatchObject(refusal(400, "invalid", /Unknown region/));
  const firewall = {
    name: "k8s-fw",
    network,
    allowed: [{ IPProtocol: "tcp", ports: ["80"] }],
    sourceRanges: ["0.0.0.0/0"],
  };
  await must(ask, "POST", `${global}/firewalls`, firewall);
  expect(await ask("DELETE", `${region}/healthChecks/h`)).toMatchObject({ status: 400 });
  for (const path of ["forwardingRules/r", "backendServices/b", "healthChecks/h", "addresses/ip"]) {
    await must(ask, "DELETE", `${region}/${path}`);
  }
});
