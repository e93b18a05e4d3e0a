import https from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, expect, test } from "vitest";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { reachCluster } from "#infra/google/reach-cluster.ts";
import { googleCluster } from "#lib/targets/gke/existing-cluster.ts";
import { testAuthority, type Authority } from "#lib/targets/kubernetes/authority-for-test.ts";

let authority: Authority;
let server: https.Server | null = null;
const seen: (string | undefined)[] = [];

beforeAll(async () => {
  authority = await testAuthority();
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  seen.length = 0;
});

const api = {
  tokens: { token: () => Promise.resolve({ value: "a-token", expires: new Date() }) },
} as unknown as GoogleApi;

/** A control plane on loopback that answers so. @returns where it is */
async function answering(status: number): Promise<string> {
  const { certificate, key } = await authority.issue({ commonName: "api", ips: ["127.0.0.1"] });
  const made = https.createServer({ cert: certificate, key }, (request, response) => {
    seen.push(`${request.url} ${request.headers.authorization}`);
    response.writeHead(status).end("{}");
  });
  server = made;
  await new Promise<void>((listening) => made.listen(0, "127.0.0.1", listening));
  return `127.0.0.1:${(made.address() as AddressInfo).port}`;
}

const clusterAt = (endpoint: string | null, pem: string | null) =>
  googleCluster.parse({
    name: "c",
    location: "us-central1-a",
    status: "RUNNING",
    endpoint,
    masterAuth: pem === null ? null : { clusterCaCertificate: Buffer.from(pem).toString("base64") },
  });

test.each([200, 401, 403])(
  "a control plane that answers %i is reached, with Google's token",
  async (status) => {
    const endpoint = await answering(status);
    expect(await reachCluster(api, clusterAt(endpoint, authority.certificate))).toBe(true);
    expect(seen).toEqual(["/version Bearer a-token"]);
  },
);

test("one of another authority isn't reached, and gets no token", async () => {
  const endpoint = await answering(200);
  const { certificate } = await testAuthority("another");
  expect(await reachCluster(api, clusterAt(endpoint, certificate))).toBe(false);
  expect(seen).toEqual([]);
});

test("nothing is reached where nobody listens, or there is no address", async () => {
  const endpoint = await answering(200);
  server!.close();
  expect(await reachCluster(api, clusterAt(endpoint, authority.certificate))).toBe(false);
  expect(await reachCluster(api, clusterAt(null, authority.certificate))).toBe(false);
  expect(await reachCluster(api, clusterAt("127.0.0.1:1", null))).toBe(false);
});

test("who doesn't want to know any more isn't told", async () => {
  const endpoint = await answering(200);
  const signal = AbortSignal.abort(new Error("stopped"));
  await expect(reachCluster(api, clusterAt(endpoint, authority.certificate), signal)).rejects.toThrow(
    "stopped",
  );
});
