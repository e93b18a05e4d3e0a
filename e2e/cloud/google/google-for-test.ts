import { obtainDiscovery } from "#e2e/cloud/google/obtain-discovery.ts";
import type { JsonObject } from "#e2e/cloud/google/json.ts";
import { serveGoogle, type Google, type Options } from "#e2e/cloud/google/serve.ts";
import { readEnv } from "#lib/env.ts";

export const project = "demo-proj";
export const owner = "owner@demo-proj.iam.gserviceaccount.com";

export type Answer = { status: number; body: JsonObject };

/** A model with one project, whose owner asks. */
export async function googleForTest(options: Omit<Options, "documents"> = {}) {
  const documents = await obtainDiscovery({
    cache: readEnv().SLUICE_CACHE,
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  const google = await serveGoogle({ ...options, documents: documents.path });
  google.addProject({ id: project, number: "1", owner });
  const token = google.tokens.issue(owner);
  return { google, ask: asker(google, token) };
}

/** Asks as the holder of a token does. @param path such as `/compute/beta/projects/…` */
export function asker(google: Google, token: string | null) {
  return async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(google.url + path, {
      method,
      headers: {
        "content-type": "application/json",
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? {} : (JSON.parse(text) as JsonObject) };
  };
}
