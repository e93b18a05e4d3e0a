import { setTimeout as sleep } from "node:timers/promises";
import { googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import type { Google, Options } from "#e2e/cloud/google/serve.ts";
import { googleApi, type GoogleApi } from "#infra/google/api-client.ts";
import { googleEndpoints } from "#infra/google/endpoints.ts";
import { tokenSource } from "#infra/google/mint-token.ts";
import type { Clock } from "#lib/clock.ts";
import { parseServiceAccountKey, type ServiceAccountKey } from "#lib/targets/gke/credentials.ts";
import { tokenUriOf } from "#lib/targets/gke/endpoint-override.ts";

/** The model of Google's APIs and a client of it, which asks as the project's owner and waits for nothing. */
export async function apiForTest(options: Omit<Options, "documents"> = {}) {
  const { google, ask } = await googleForTest(options);
  const credentials = keyFor(google);
  return { google, ask, credentials, api: clientOf(google, credentials) };
}

/** A key of an account, as an admin uploads it. */
export function keyFor(google: Google, email = owner): ServiceAccountKey {
  const file = JSON.stringify(google.tokens.addServiceAccountKey(email, project));
  return parseServiceAccountKey(file, { tokenUri: tokenUriOf(google.url) });
}

/** A client of the model's that doesn't wait between attempts. */
export function clientOf(
  google: Google,
  credentials: ServiceAccountKey,
  clock: Clock = google.clock,
): GoogleApi {
  const endpoints = googleEndpoints(google.url);
  const tokens = tokenSource(credentials, { endpoints, clock });
  return googleApi({ endpoints, tokens, pause: (_ms, signal) => sleep(1, undefined, { signal }) });
}
