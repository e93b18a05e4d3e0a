import http from "node:http";
import https from "node:https";
import { tlsOptions, type Access } from "#infra/kubernetes/connect-options.ts";

/** An object of the API server's, as far as anything of ours reads it. */
export type KubernetesObject = {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    generation?: number;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    deletionTimestamp?: string;
    managedFields?: { manager?: string; operation?: string }[];
  };
  [field: string]: unknown;
};

/** The API server said no. `status` is HTTP's, `reason` its own word, such as `AlreadyExists`. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** The API server wasn't reached, or didn't answer in time. */
export class ApiUnreachable extends Error {
  override readonly name = "ApiUnreachable";
}

export type ApiRequest = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** with its query */
  path: string;
  body?: unknown;
  contentType?: string;
  /** the answer is given as it came, as of a log; JSON is read unless told */
  answerIs?: "text";
  signal?: AbortSignal;
};

export type ApiClient = {
  /** @throws ApiError or ApiUnreachable; the signal's own reason once it was aborted */
  request(request: ApiRequest): Promise<unknown>;
  /** Like `request`, but `null` for what isn't there. */
  find(path: string, signal?: AbortSignal): Promise<KubernetesObject | null>;
  close(): void;
};

/**
 * Talks to one cluster as one account, by what a kubeconfig said alone: neither the environment nor a file of this
 * machine has a say in it.
 *
 * @param timeoutMs how long the server may say nothing
 */
export function apiClient(access: Access, timeoutMs = 20_000): ApiClient {
  const { server } = access;
  const isSecure = server.startsWith("https:");
  const agent = isSecure
    ? new https.Agent({ keepAlive: true, ...tlsOptions(access) })
    : new http.Agent({ keepAlive: true });

  const request = (asked: ApiRequest) => authorized(access, asked.signal, (headers) => send(asked, headers));
  const send = (
    { method, path, body, contentType, answerIs, signal }: ApiRequest,
    headers: Record<string, string>,
  ) =>
    new Promise<unknown>((resolve, reject) => {
      const sent = body === undefined ? undefined : JSON.stringify(body);
      const outgoing = (isSecure ? https : http).request(
        `${server}${path}`,
        {
          method,
          agent,
          signal,
          timeout: timeoutMs,
          headers: {
            ...headers,
            accept: answerIs === "text" ? "*/*" : "application/json",
            ...(sent !== undefined && {
              "content-type": contentType ?? "application/json",
              "content-length": Buffer.byteLength(sent),
            }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", (error) => reject(unreachable(server, error)));
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const { statusCode = 0 } = response;
            if (statusCode < 200 || statusCode >= 300) reject(refusal(statusCode, text));
            else resolve(answerIs === "text" ? text : parse(text));
          });
        },
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer for ${timeoutMs / 1000} s`)));
      outgoing.on("error", (error) => reject(signal?.aborted ? error : unreachable(server, error)));
      outgoing.end(sent);
    });

  return {
    request,
    async find(path, signal) {
      try {
        return (await request({ method: "GET", path, signal })) as KubernetesObject;
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    close: () => agent.destroy(),
  };
}

/**
 * Asks with the header that says who asks. With a token that can be renewed once more where it was refused: then
 * nothing was done.
 *
 * @throws what `ask` throws, and what keeps a token from being renewed
 */
export async function authorized<T>(
  { credentials }: Access,
  signal: AbortSignal | undefined,
  ask: (headers: Record<string, string>) => Promise<T>,
): Promise<T> {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  if (credentials.kind === "certificate") return ask({});
  if (credentials.kind === "token") return ask(bearer(credentials.token));
  const token = await credentials.token(signal);
  try {
    return await ask(bearer(token));
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
    credentials.drop(token);
    return ask(bearer(await credentials.token(signal)));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 300) };
  }
}

/** @param text the answer's body */
export function refusal(status: number, text: string): ApiError {
  const { reason = "", message = "" } = (parse(text) ?? {}) as { reason?: string; message?: string };
  return new ApiError(status, reason, message || `The API server answered ${status}.`);
}

export function unreachable(server: string, error: Error): ApiUnreachable {
  const why = error.message || (error as NodeJS.ErrnoException).code || "no reason given";
  return new ApiUnreachable(`The cluster's API server at ${server} can't be reached: ${why}`, {
    cause: error,
  });
}
