import type { GoogleEndpoints } from "#infra/google/endpoints.ts";
import { tokenSource, type TokenSource } from "#infra/google/mint-token.ts";
import { workerCredentials } from "#infra/google/worker-credentials.ts";
import type { WorkerCredentials } from "#lib/targets/gke/credentials.ts";

/**
 * Tokens of the worker's own account, whoever that is by now: who signs in anew there, because the sign-in was over, starts
 * nothing anew.
 *
 * @returns with them who that is at first
 * @throws CredentialsError for what the worker's machine has, as each question for a token does
 */
export async function workerTokens(
  endpoints: GoogleEndpoints,
): Promise<{ credentials: WorkerCredentials; tokens: TokenSource }> {
  const open = (credentials: WorkerCredentials) => ({
    credentials,
    text: JSON.stringify(credentials),
    source: tokenSource(credentials, { endpoints }),
  });
  let known = open(await workerCredentials(endpoints));
  const source = async () => {
    const now = await workerCredentials(endpoints);
    if (JSON.stringify(now) !== known.text) known = open(now);
    return known.source;
  };
  return {
    credentials: known.credentials,
    tokens: {
      token: async (signal) => (await source()).token(signal),
      drop: (value) => known.source.drop(value),
      identity: async (signal) => (await source()).identity(signal),
    },
  };
}
