import type { GoogleEndpoints, GoogleService } from "#infra/google/endpoints.ts";
import { GoogleError, GoogleUnreachable, refusalOf } from "#infra/google/google-error.ts";
import type { TokenSource } from "#infra/google/mint-token.ts";
import type { WorkerCredentials } from "#lib/targets/gke/credentials.ts";
import { send, type Received } from "#infra/google/send.ts";

export type GoogleRequest = {
  service: GoogleService;
  /** GET unless told */
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** after the version, each name in it encoded: `projects/p/global/networks` */
  path: string;
  query?: Record<string, string | string[]>;
  /** an object is sent as JSON */
  body?: object;
  /** it changes nothing though it is a POST, so that it may be asked again */
  isRead?: boolean;
  signal?: AbortSignal;
};

/** What a file is sent as; the answer is the object's metadata. */
export type GoogleUpload = {
  path: string;
  query: Record<string, string>;
  contentType: string;
  bytes: Uint8Array<ArrayBuffer>;
  signal?: AbortSignal;
};

/** Google's APIs as one account. Everything throws GoogleError, GoogleUnreachable, TokenError or a signal's reason. */
export type GoogleApi = {
  request(request: GoogleRequest): Promise<unknown>;
  /** Like `request`, but `null` for what isn't there. */
  find(request: GoogleRequest): Promise<unknown>;
  upload(upload: GoogleUpload): Promise<unknown>;
  /** Waits, as between two attempts: an injected clock of tests waits otherwise. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
  tokens: TokenSource;
};

export type ApiOptions = {
  endpoints: GoogleEndpoints;
  tokens: TokenSource;
  /** `quotaProjectOf`; null at first */
  quotaProject?: string | null;
  /** how long one answer may take, in milliseconds */
  timeoutMs?: number;
  pause?: GoogleApi["pause"];
};

/**
 * The project that counts the requests of a person's sign-in. Some APIs would count them for the project of gcloud itself
 * otherwise, where they aren't enabled; a service account has a project of its own.
 */
export function quotaProjectOf({ kind }: WorkerCredentials, project: string): string | null {
  return kind === "authorized_user" ? project : null;
}

/** These count for the project that a request is about, whoever asks. */
const countedByResource: GoogleService[] = ["compute", "container", "storage", "upload"];

/** The pauses between attempts, in milliseconds: there is one attempt more than pauses. */
const pauses = [500, 1_500, 4_000];
/** A server that wants a longer pause than this is not waited for. */
const longestPauseMs = 20_000;
const uploadMs = 10 * 60_000;

/**
 * Talks to Google's APIs. What failed is tried again where that can do no harm: a read always, anything else when Google
 * says that it did nothing because there were too many requests.
 */
export function googleApi(options: ApiOptions): GoogleApi {
  const { endpoints, tokens, quotaProject = null, timeoutMs = 30_000, pause = sleep } = options;
  const ask = async (given: Prepared): Promise<unknown> => {
    for (const wait of [...pauses, null]) {
      const { answer, failure } = await attempt(given, tokens);
      if (!failure) return readAnswer(given.what, answer);
      const ms = wait === null ? null : pauseAfter(failure, answer, wait, given.isRead);
      if (ms === null) throw failure;
      await pause(ms, given.signal);
    }
    throw new Error("There is an attempt without a pause after it.");
  };
  const request = async (given: GoogleRequest) => {
    const { service, method = "GET", path, query = {}, body, isRead, signal } = given;
    return ask({
      url: urlOf(endpoints.services[service], path, query),
      what: `Google's API ${service}`,
      method,
      isRead: isRead ?? method === "GET",
      quotaProject: countedByResource.includes(service) ? null : quotaProject,
      ...(body && { body: JSON.stringify(body), contentType: "application/json" }),
      timeoutMs,
      signal,
    });
  };
  return {
    request,
    async find(given) {
      try {
        return await request(given);
      } catch (error) {
        if (error instanceof GoogleError && error.status === 404) return null;
        throw error;
      }
    },
    upload: async ({ path, query, contentType, bytes, signal }) =>
      ask({
        url: urlOf(endpoints.services.upload, path, query),
        what: "Google's API storage",
        method: "POST",
        // The same file under the same name again is the same.
        isRead: true,
        quotaProject: null,
        body: bytes,
        contentType,
        timeoutMs: uploadMs,
        signal,
      }),
    pause,
    tokens,
  };
}

type Prepared = {
  url: string;
  what: string;
  method: string;
  isRead: boolean;
  quotaProject: string | null;
  body?: string | Uint8Array<ArrayBuffer>;
  contentType?: string;
  timeoutMs: number;
  signal?: AbortSignal;
};

type Attempt = { answer: Received | null; failure: GoogleError | GoogleUnreachable | null };

/** Asks once; a second time with a new token where the first was refused, since then nothing was done. */
async function attempt(given: Prepared, tokens: TokenSource): Promise<Attempt> {
  const first = await once(given, tokens);
  return first.answer?.status === 401 ? once(given, tokens) : first;
}

async function once(
  { url, what, method, quotaProject, body, contentType, timeoutMs, signal }: Prepared,
  tokens: TokenSource,
): Promise<Attempt> {
  const { value } = await tokens.token(signal);
  const headers = {
    authorization: `Bearer ${value}`,
    accept: "application/json",
    ...(quotaProject && { "x-goog-user-project": quotaProject }),
    ...(contentType && { "content-type": contentType }),
  };
  try {
    const answer = await send(url, what, { method, headers, body, timeoutMs, signal });
    if (answer.status >= 200 && answer.status < 300) return { answer, failure: null };
    if (answer.status === 401) tokens.drop(value);
    return { answer, failure: refusalOf(answer.status, answer.text, value) };
  } catch (error) {
    if (error instanceof GoogleUnreachable) return { answer: null, failure: error };
    throw error;
  }
}

/** How long to wait before the next attempt; null: there is none. */
function pauseAfter(
  failure: GoogleError | GoogleUnreachable,
  answer: Received | null,
  usual: number,
  isRead: boolean,
): number | null {
  const isTooMany =
    failure instanceof GoogleError && (failure.status === 429 || /rateLimit/i.test(failure.reason));
  const mayPass = failure instanceof GoogleUnreachable || [500, 502, 503, 504].includes(failure.status);
  if (!isTooMany && !(isRead && mayPass)) return null;
  const wanted = Number(answer?.headers.get("retry-after") ?? 0) * 1000;
  const ms = Math.max(usual, Number.isFinite(wanted) ? wanted : 0);
  return ms > longestPauseMs ? null : ms;
}

function readAnswer(what: string, answer: Received | null): unknown {
  const { text = "" } = answer ?? {};
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new GoogleError(answer?.status ?? 0, "notUnderstood", `${what} answers, but not in JSON.`);
  }
}

function urlOf(base: string, path: string, query: Record<string, string | string[]>): string {
  const url = new URL(path, base);
  // A name that begins with a slash or dots would lead to another server or API.
  if (!url.href.startsWith(base)) throw new Error("The path of a request leads out of its API.");
  for (const [name, values] of Object.entries(query))
    for (const value of [values].flat()) url.searchParams.append(name, value);
  return url.href;
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => {
    clearTimeout(timer);
    reject(signal?.reason as Error);
  };
  const timer = setTimeout(() => {
    signal?.removeEventListener("abort", abort);
    resolve();
  }, ms);
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort, { once: true });
  return promise;
}
