import { request as plainRequest, type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { kubernetesPermission } from "#e2e/cloud/controller/kubernetes-permission.ts";
import type { ClusterRef, ControlPlane, Model } from "#e2e/cloud/google/model.ts";
import type { ApiServer } from "#e2e/cluster/api.ts";
import { testAuthority } from "#lib/targets/kubernetes/authority-for-test.ts";

export type Front = ControlPlane & {
  /** The control plane is no more: open connections end too. */
  close(): Promise<void>;
};

export type FrontOptions = {
  cluster: ClusterRef;
  /** an address that only this cluster has */
  address: string;
  /** whose tokens and rights count */
  model: Pick<Model, "tokens" | "permissions">;
  /** the API server behind it, and its administrator */
  admin: ApiServer;
  /** Google gives an address alone, so it is that of HTTPS; tests that can't have it take another */
  port?: number;
  /** hears of each namespace in which something is written through this front */
  onWrite?(namespace: string): void;
};

/**
 * The engine begins nothing more once a step has failed: until then it has begun what it does beside that, so that each of
 * them is seen to be refused.
 */
const refusesAfterMs = 500;

/**
 * Opens the control plane of a cluster of the model: an endpoint with an authority of its own, which asks as the test
 * cluster's administrator for whoever has a living token of the model's and the right in the cluster's project.
 */
export async function openFront(options: FrontOptions): Promise<Front> {
  const { address, cluster, port = 443 } = options;
  const authority = await testAuthority(`${cluster.project}/${cluster.name}`);
  const { certificate, key } = await authority.issue({ commonName: "kube-apiserver", ips: [address] });
  const agent = new https.Agent({ keepAlive: true });
  const sockets = new Set<Socket>();
  const server = https.createServer({ cert: certificate, key, ALPNProtocols: ["http/1.1"] });
  // From before their handshake on: one that is in the middle of it would outlive the server, and keep it from closing.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const refused = refusalOf(options, request);
    if (refused) {
      const answer = () =>
        response.writeHead(refused.code, { "content-type": "application/json" }).end(JSON.stringify(refused));
      setTimeout(answer, refusesAfterMs);
      return;
    }
    handOn(options, agent, request, response);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refused = refusalOf(options, request);
    if (refused) endPlainly(socket, refused.code, JSON.stringify(refused));
    else upgrade(options, request, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, address, resolve);
  });
  return {
    endpoint: address,
    caCertificate: authority.certificate,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await closed;
    },
  };
}

type Refusal = {
  kind: "Status";
  apiVersion: "v1";
  status: "Failure";
  message: string;
  reason: string;
  code: number;
};

function refusal(code: number, reason: string, message: string): Refusal {
  return { kind: "Status", apiVersion: "v1", status: "Failure", message, reason, code };
}

/** Why a request goes no further, as an API server says it; null: it does. */
function refusalOf({ cluster, model, onWrite }: FrontOptions, request: IncomingMessage): Refusal | null {
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  const account = model.tokens.accountOf(token);
  if (!account) return refusal(401, "Unauthorized", "Unauthorized");
  const { method = "GET", url = "/" } = request;
  const permission = kubernetesPermission(method, url);
  if (!model.permissions.has(cluster.project, account.email, permission)) {
    const [, resource, verb] = permission.split(".");
    const message = `${resource} is forbidden: User "${account.email}" cannot ${verb} resource "${resource}": requires one of ["${permission}"] permission(s).`;
    return refusal(403, "Forbidden", message);
  }
  const [, namespace] = /\/namespaces\/([^/?]+)/.exec(url) ?? [];
  if (namespace && method !== "GET") onWrite?.(namespace);
  return null;
}

function handOn(
  options: FrontOptions,
  agent: https.Agent,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const upstream = askBehind(options, request, agent);
  upstream.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    // Whoever watches waits for the headers, and for the first event perhaps for long.
    response.flushHeaders();
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  upstream.on("error", () => response.destroy());
  response.on("close", () => upstream.destroy());
  request.pipe(upstream);
}

/** Port-forward and the like: from then on it is bytes to and fro. */
function upgrade(options: FrontOptions, request: IncomingMessage, near: Duplex, head: Buffer): void {
  const upstream = askBehind(options, request);
  upstream.on("upgrade", (answer, far, first) => {
    near.write(`HTTP/1.1 101 Switching Protocols\r\n${headerLines(answer.rawHeaders)}\r\n`);
    if (first.length > 0) near.write(first);
    if (head.length > 0) far.write(head);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  upstream.on("response", (answer) => {
    let text = "";
    answer.setEncoding("utf8").on("data", (part: string) => (text += part));
    answer.on("end", () => endPlainly(near, answer.statusCode ?? 502, text));
  });
  upstream.on("error", () => near.destroy());
  near.on("error", () => upstream.destroy());
  upstream.end();
}

function askBehind(
  { admin }: FrontOptions,
  { method, url = "/", headers }: IncomingMessage,
  agent?: https.Agent,
): ReturnType<typeof plainRequest> {
  const behind = new URL(url, admin.url);
  return https.request(behind, {
    method,
    ca: admin.ca,
    agent: agent ?? false,
    ...admin.client,
    headers: { ...headers, host: behind.host, authorization: `Bearer ${admin.token}` },
  });
}

function headerLines(raw: string[]): string {
  return raw.reduce((text, word, index) => text + word + (index % 2 === 0 ? ": " : "\r\n"), "");
}

function endPlainly(socket: Duplex, code: number, text: string): void {
  const length = Buffer.byteLength(text);
  socket.end(
    `HTTP/1.1 ${code} Refused\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${text}`,
  );
}
