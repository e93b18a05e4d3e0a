import { expect, test } from "vitest";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { ApiError, ApiUnreachable } from "#infra/kubernetes/api-client.ts";
import { askCluster } from "#infra/targets/gke/ask-cluster.ts";
import { deploymentForTest, gkeForms } from "#lib/targets/gke/forms-for-test.ts";

const { settings } = gkeForms["an existing cluster"]!;
const of = { deploymentId: deploymentForTest, settings };

/** A project whose cluster has an address; nobody is asked by it here. */
function apiWith(cluster: object | null): GoogleApi {
  const token = { value: "t", expires: new Date(Date.now() + 3_600_000) };
  const api: Pick<GoogleApi, "find"> & { tokens: { token(): Promise<typeof token>; drop(): void } } = {
    find: () => Promise.resolve(cluster),
    tokens: { token: () => Promise.resolve(token), drop: () => undefined },
  };
  return api as unknown as GoogleApi;
}

const there = { endpoint: "192.0.2.1", masterAuth: { clusterCaCertificate: "cGVt" } };
const saying = (error: Error) => askCluster(apiWith(there), of, null, () => Promise.reject(error));

test("where there is no cluster there is nothing to ask", async () => {
  expect(await askCluster(apiWith(null), of, "none", () => Promise.resolve("asked"))).toBe("none");
  expect(await askCluster(apiWith(there), of, "none", () => Promise.resolve("asked"))).toBe("asked");
});

test("what a cluster's silence or refusal means is told, and its address to nobody", async () => {
  const silent = saying(new ApiUnreachable("The cluster's API server at https://192.0.2.1 can't be reached"));
  await expect(silent).rejects.toMatchObject({
    code: "target_unreachable",
    message: expect.not.stringContaining("192.0.2.1"),
  });
  await expect(saying(new ApiError(403, "Forbidden", "no"))).rejects.toMatchObject({
    code: "target_refused",
  });
});
