import { expect } from "vitest";
import { project, type Answer } from "#e2e/cloud/google/google-for-test.ts";

type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

export const global = `/compute/beta/projects/${project}/global`;
export const region = `/compute/beta/projects/${project}/regions/us-central1`;
export const zone = `/compute/beta/projects/${project}/zones/us-central1-a`;
export const clusters = `/container/v1beta1/projects/${project}/locations/us-central1-a/clusters`;
export const group = `projects/${project}/zones/us-central1-a/networkEndpointGroups/g`;

/** Asks for something that must be taken. */
export async function must(ask: Ask, method: string, path: string, body?: unknown): Promise<Answer["body"]> {
  const answer = await ask(method, path, body);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({
    status: method === "DELETE" ? expect.any(Number) : 200,
  });
  expect(answer.status).toBeLessThan(300);
  expect(answer.body).not.toHaveProperty("error");
  return answer.body;
}

/** A network with a subnetwork and its ranges. */
export async function makeNetwork(ask: Ask): Promise<void> {
  await must(ask, "POST", `${global}/networks`, { name: "n", autoCreateSubnetworks: false });
  await must(ask, "POST", `${region}/subnetworks`, {
    name: "s",
    network: `projects/${project}/global/networks/n`,
    ipCidrRange: "10.10.0.0/20",
    secondaryIpRanges: [
      { rangeName: "pods", ipCidrRange: "10.20.0.0/16" },
      { rangeName: "services", ipCidrRange: "10.30.0.0/20" },
    ],
  });
}

/** A group of endpoints, a health check and two backend services, all in a network. */
export async function makeBackends(ask: Ask): Promise<void> {
  await makeNetwork(ask);
  await must(ask, "POST", `${zone}/networkEndpointGroups`, {
    name: "g",
    network: `projects/${project}/global/networks/n`,
  });
  await must(ask, "POST", `${global}/healthChecks`, {
    name: "h",
    type: "HTTP",
    httpHealthCheck: { requestPath: "/healthz" },
  });
  for (const name of ["a", "b"]) await must(ask, "POST", `${global}/backendServices`, backendService(name));
}

export const backendService = (name: string, changed: object = {}) => ({
  name,
  loadBalancingScheme: "EXTERNAL_MANAGED",
  protocol: "HTTP",
  healthChecks: [`projects/${project}/global/healthChecks/h`],
  backends: [{ group, balancingMode: "RATE", maxRatePerEndpoint: 100, capacityScaler: 1 }],
  ...changed,
});

export const service = (name: string) => `projects/${project}/global/backendServices/${name}`;

/** What a cluster of its own is asked for with. */
export const clusterBody = (changed: object = {}) => ({
  cluster: {
    name: "c",
    network: `projects/${project}/global/networks/n`,
    subnetwork: `projects/${project}/regions/us-central1/subnetworks/s`,
    initialNodeCount: 1,
    ipAllocationPolicy: {
      useIpAliases: true,
      clusterSecondaryRangeName: "pods",
      servicesSecondaryRangeName: "services",
    },
    ...changed,
  },
});

export const refusal = (status: number, reason: string, message: RegExp) => ({
  status,
  body: { error: { code: status, errors: [{ reason }], message: expect.stringMatching(message) } },
});
