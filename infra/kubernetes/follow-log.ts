import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { authorized, refusal, unreachable } from "#infra/kubernetes/api-client.ts";
import { tlsOptions, type Access } from "#infra/kubernetes/connect-options.ts";

export type PodLog = {
  namespace: string;
  pod: string;
  container: string;
  /** without lines that are older: to the second, so some older ones come too */
  since?: Date;
  /** the log of the container before the one that runs, to its end; else it goes on as long as the container runs */
  previous?: boolean;
};

const connectMs = 10_000;
/** The node answers with the first line, so an answer may be as long in coming as the container is silent. */
const silenceMs = 60_000;
const keepAliveMs = 15_000;

/**
 * Opens the log of a pod's container: lines, each after its time and a space. Needs the right to get `pods/log`.
 *
 * @param signal ends it, whenever it is aborted
 * @param longestSilenceMs how long the answer may be in coming
 * @returns null where none came, and the container may just have nothing to say: ask again
 * @throws ApiError where the API server refuses, ApiUnreachable where it doesn't answer
 */
export function followLog(
  access: Access,
  log: PodLog,
  signal: AbortSignal,
  longestSilenceMs = silenceMs,
): Promise<IncomingMessage | null> {
  return authorized(access, signal, (headers) => open(access, log, headers, signal, longestSilenceMs));
}

function open(
  access: Access,
  log: PodLog,
  headers: Record<string, string>,
  signal: AbortSignal,
  longestSilenceMs: number,
): Promise<IncomingMessage | null> {
  const { namespace, pod, container, since, previous = false } = log;
  const query = new URLSearchParams({
    container,
    timestamps: "true",
    ...(previous ? { previous: "true" } : { follow: "true" }),
    ...(since && { sinceTime: `${since.toISOString().slice(0, 19)}Z` }),
  });
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage | null>();
  const isSecure = access.server.startsWith("https:");
  // A connection of its own: it is held for long, and ends with the log.
  const request = (isSecure ? https : http).request(`${access.server}${path}?${query}`, {
    ...tlsOptions(access),
    agent: false,
    headers,
    signal,
    timeout: connectMs,
  });
  let isConnected = false;
  request.once("timeout", () => {
    // What a container that has ended wrote is there at once.
    if (isConnected && !previous) resolve(null);
    const [what, ms] = isConnected ? ["answer", longestSilenceMs] : ["connection", connectMs];
    request.destroy(new Error(`no ${what} for ${ms / 1000} s`));
  });
  request.once("socket", (socket) => {
    socket.setKeepAlive(true, keepAliveMs);
    socket.once(isSecure ? "secureConnect" : "connect", () => {
      isConnected = true;
      request.setTimeout(longestSilenceMs);
    });
  });
  request.on("error", (error) =>
    reject(signal.aborted ? (signal.reason as Error) : unreachable(access.server, error)),
  );
  request.once("response", (response) => {
    request.setTimeout(0);
    const { statusCode = 0 } = response;
    if (statusCode === 200) return resolve(response);
    let text = "";
    response.setEncoding("utf8").on("data", (part: string) => (text = `${text}${part}`.slice(0, 10_000)));
    response.once("close", () => reject(refusal(statusCode, text)));
  });
  request.end();
  return promise;
}
