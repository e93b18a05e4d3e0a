import { googleEndpoints } from "#infra/google/endpoints.ts";
import type { GoogleApi, GoogleRequest } from "#infra/google/api-client.ts";
import type { GkeInput } from "#infra/targets/gke/program.ts";
import { deploymentForTest, gkeForms, secretsForTest } from "#lib/targets/gke/forms-for-test.ts";

/** What Google says of a cluster. */
export const clusterForTest = {
  endpoint: "203.0.113.7",
  masterAuth: { clusterCaCertificate: Buffer.from("canary-authority").toString("base64") },
};

/** Google's APIs as a test answers for them; waits take no time. */
export function apiForTest(
  answer: (request: GoogleRequest) => unknown = () => null,
  token = "canary-access-token",
): GoogleApi & { waited: number[] } {
  const waited: number[] = [];
  return {
    waited,
    request: async (request) => answer(request),
    find: async (request) => answer(request),
    upload: async () => ({}),
    pause: async (ms) => void waited.push(ms),
    tokens: {
      token: async () => ({ value: token, expires: new Date(Date.now() + 3600_000) }),
      drop: () => {},
      identity: async () => null,
    },
  };
}

/** What the program gets for one of the forms. */
export function inputForTest(form: string, changed: Partial<GkeInput> = {}): GkeInput {
  const { spec, settings } = gkeForms[form]!;
  return {
    deploymentId: deploymentForTest,
    spec,
    settings,
    secrets: secretsForTest,
    api: apiForTest(({ path }) => (path.endsWith("/clusters/shared") ? clusterForTest : null)),
    endpoints: googleEndpoints("http://127.0.0.1:1"),
    imports: new Map(),
    putFiles: null,
    onAddress: () => {},
    signal: new AbortController().signal,
    settleMs: 0,
    ...changed,
  };
}
