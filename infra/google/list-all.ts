import type { GoogleApi, GoogleRequest } from "#infra/google/api-client.ts";
import { GoogleError } from "#infra/google/google-error.ts";

/** What a list that goes on for longer than this says comes too late anyway. */
const mostPages = 100;

/** Every answer of a list, page by page. */
async function* pagesOf(api: GoogleApi, request: GoogleRequest): AsyncGenerator<Record<string, unknown>> {
  let query = request.query ?? {};
  for (let page = 0; page < mostPages; page++) {
    const answer = (await api.request({ ...request, query })) as Record<string, unknown>;
    yield answer;
    const { nextPageToken } = answer;
    if (typeof nextPageToken !== "string" || nextPageToken === "") return;
    query = { ...request.query, pageToken: nextPageToken };
  }
  throw new GoogleError(413, "tooMany", "There are too many things in this list to be looked at.");
}

/**
 * Everything that a list has. Google leaves an empty list out.
 *
 * @param field where the things are in each answer, such as `items`
 */
export async function listAll(api: GoogleApi, request: GoogleRequest, field = "items"): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const answer of pagesOf(api, request)) all.push(...((answer[field] ?? []) as unknown[]));
  return all;
}

/**
 * Everything of a kind of Compute Engine's in a project, wherever it is.
 *
 * @param kind the API's own plural, such as `forwardingRules`
 */
export async function listEverywhere(
  api: GoogleApi,
  { project, kind, filter, signal }: { project: string; kind: string; filter?: string; signal?: AbortSignal },
): Promise<unknown[]> {
  const path = `projects/${encodeURIComponent(project)}/aggregated/${kind}`;
  const query = { maxResults: "500", ...(filter && { filter }) };
  const all: unknown[] = [];
  for await (const { items = {} } of pagesOf(api, { service: "compute", path, query, signal })) {
    // One entry for each place; where it has none of the kind there is a warning instead.
    for (const place of Object.values(items as Record<string, Record<string, unknown>>))
      all.push(...((place[kind] ?? []) as unknown[]));
  }
  return all;
}
