import http from "node:http";
import https from "node:https";
import type { ClusterAccess } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

const requestMs = 8_000;
const mostBytes = 16 * 1024 * 1024;
const pageSize = 500;
/** More than 20,000 objects are not counted: what is said of them would come too late anyway. */
const mostPages = 40;

export type ClusterAnswer = { status: number; body: unknown };

/** The API server said that it doesn't know who asks. */
export class NotSignedIn extends Error {
  override readonly name = "NotSignedIn";
}

/** The API server said no to a question that what follows depends on. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;

  constructor(status: number) {
    super(`answered ${status}`);
    this.status = status;
  }
}

/** A few connections to one API server, with the credentials of its kubeconfig. */
export type Cluster = {
  /** @throws NotSignedIn for 401, else what the connection failed with */
  get(path: string): Promise<ClusterAnswer>;
  post(path: string, body: object): Promise<ClusterAnswer>;
  /** Every item of a list, page by page. @throws Refused for an answer other than 200 */
  list(path: string): Promise<unknown[]>;
  close(): void;
};

/**
 * Opens connections to a cluster. No proxy of the environment and no authority but the kubeconfig's own is used, and no
 * redirection is followed: the credentials go to this server alone.
 *
 * @param signal ends every question
 */
export function openCluster(access: ClusterAccess, signal: AbortSignal): Cluster {
  const secure = access.server.startsWith("https:");
  const agent = secure
    ? new https.Agent({ keepAlive: true, maxSockets: 8, ...tlsOptions(access) })
    : new http.Agent({ keepAlive: true, maxSockets: 8 });
  const send = (method: "GET" | "POST", path: string, body?: object): Promise<ClusterAnswer> =>
    new Promise((resolve, reject) => {
      const text = body && JSON.stringify(body);
      const options = {
        method,
        agent,
        headers: headersFor(access, text),
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]),
      };
      const request = (secure ? https : http).request(access.server + path, options, (response) => {
        readBody(response).then(
          (answer) => (answer.status === 401 ? reject(new NotSignedIn()) : resolve(answer)),
          reject,
        );
      });
      request.on("error", reject);
      request.end(text);
    });
  return {
    get: (path) => send("GET", path),
    post: (path, body) => send("POST", path, body),
    list: (path) => listAll(path, (page) => send("GET", page)),
    close: () => agent.destroy(),
  };
}

function tlsOptions({ certificateAuthority, tlsServerName, credentials }: ClusterAccess): https.AgentOptions {
  return {
    ...(certificateAuthority ? { ca: certificateAuthority } : {}),
    ...(tlsServerName ? { servername: tlsServerName } : {}),
    ...(credentials.kind === "certificate" ? { cert: credentials.certificate, key: credentials.key } : {}),
  };
}

function headersFor(
  { credentials }: ClusterAccess,
  body: string | undefined,
): Record<string, string | number> {
  return {
    accept: "application/json",
    "user-agent": "sluice",
    ...(credentials.kind === "token" ? { authorization: `Bearer ${credentials.token}` } : {}),
    ...(body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
  };
}

async function readBody(response: http.IncomingMessage): Promise<ClusterAnswer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostBytes) throw new Error("The API server's answer has no end.");
    parts.push(part);
  }
  return { status: response.statusCode ?? 0, body: json(Buffer.concat(parts).toString("utf8")) };
}

/** `null` for what isn't JSON: a page of some other server. */
function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

async function listAll(path: string, get: (path: string) => Promise<ClusterAnswer>): Promise<unknown[]> {
  const items: unknown[] = [];
  let next = "";
  for (let page = 0; page < mostPages; page++) {
    const mark = path.includes("?") ? "&" : "?";
    const after = next ? `&continue=${encodeURIComponent(next)}` : "";
    const { status, body } = await get(`${path}${mark}limit=${pageSize}${after}`);
    if (status !== 200) throw new Refused(status);
    const list = body as { items?: unknown[] | null; metadata?: { continue?: string } } | null;
    items.push(...(list?.items ?? []));
    next = list?.metadata?.continue ?? "";
    if (!next) return items;
  }
  throw new Refused(413);
}
