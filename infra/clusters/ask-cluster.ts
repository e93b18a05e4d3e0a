import { ApiError, apiClient } from "#infra/kubernetes/api-client.ts";
import type { Access } from "#infra/kubernetes/connect-options.ts";

const requestMs = 8_000;
const pageSize = 500;
/** More than 20,000 objects are not counted: what is said of them would come too late anyway. */
const mostPages = 40;

/** One API server, to be asked with patience. Everything throws ApiError or ApiUnreachable. */
export type Cluster = {
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
  /** an answer that isn't JSON, as a log */
  text(path: string): Promise<string>;
  /** every item of a list, page by page */
  list(path: string): Promise<unknown[]>;
  close(): void;
};

/** @param signal ends every question */
export function openCluster(access: Access, signal: AbortSignal): Cluster {
  const client = apiClient(access);
  const send = (method: "GET" | "POST", path: string, body?: object, answerIs?: "text") =>
    client.request({
      method,
      path,
      body,
      answerIs,
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]),
    });
  return {
    get: (path) => send("GET", path),
    post: (path, body) => send("POST", path, body),
    text: async (path) => (await send("GET", path, undefined, "text")) as string,
    list: (path) => listAll(path, (page) => send("GET", page)),
    close: () => client.close(),
  };
}

/**
 * What was answered; where the cluster said no, what that means instead. Whatever else it says (credentials that are
 * no good at all, too many requests, an error of its own) is trouble of the cluster and no answer to the question.
 *
 * @param otherwise what each status means that is an answer here: 403, and 404 where a thing may well not be there
 */
export async function unlessRefused<T, R>(asked: Promise<T>, otherwise: Record<number, R>): Promise<T | R> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.status in otherwise) return otherwise[error.status] as R;
    throw error;
  }
}

/** Whether a question ended because the answer took too long: then it ends by its signal. */
export function isTooLate(error: unknown): boolean {
  return error instanceof Error && ["AbortError", "TimeoutError"].includes(error.name);
}

async function listAll(path: string, get: (path: string) => Promise<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  let next = "";
  for (let page = 0; page < mostPages; page++) {
    const mark = path.includes("?") ? "&" : "?";
    const after = next ? `&continue=${encodeURIComponent(next)}` : "";
    const list = (await get(`${path}${mark}limit=${pageSize}${after}`)) as {
      items?: unknown[] | null;
      metadata?: { continue?: string };
    } | null;
    items.push(...(list?.items ?? []));
    next = list?.metadata?.continue ?? "";
    if (!next) return items;
  }
  throw new ApiError(413, "TooMany", "There are too many to count.");
}
