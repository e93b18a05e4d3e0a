import { Duplex } from "node:stream";
import WebSocket from "ws";
import { authorized, refusal, unreachable } from "#infra/kubernetes/api-client.ts";
import { tlsOptions, type Access } from "#infra/kubernetes/connect-options.ts";

/**
 * The API server's oldest words for it over a websocket: it hands them on to the node, so they depend on neither's
 * version. Each message begins with a channel, 0 for the data and 1 for an error of the node's; the first message of
 * each channel is the port's number. Neither side can be closed alone.
 */
const protocol = "v4.channel.k8s.io";
const dataChannel = 0;
const portBytes = 2;
const handshakeMs = 10_000;
/** HAProxy's figures of a thousand servers are smaller; nothing of ours sends messages of this size. */
const mostBytes = 4 * 1024 * 1024;

export type PodPort = { namespace: string; pod: string; port: number };

/**
 * Opens one TCP connection to a port of a pod, its loopback's too, through the API server. Needs the right to get
 * and to create `pods/portforward`.
 *
 * @param signal ends the connection, whenever it is aborted
 * @returns a stream; it ends when the pod has closed its side, and breaks with what the node says
 * @throws ApiError where the API server refuses, ApiUnreachable where it doesn't answer
 */
export async function portForward(access: Access, to: PodPort, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted();
  return authorized(access, signal, (headers) => open(access, to, headers, signal));
}

function open(
  access: Access,
  { namespace, pod, port }: PodPort,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward`;
  const socket = new WebSocket(`${access.server.replace(/^http/, "ws")}${path}?ports=${port}`, protocol, {
    ...tlsOptions(access),
    headers,
    handshakeTimeout: handshakeMs,
    perMessageDeflate: false,
    maxPayload: mostBytes,
  });
  const stream = streamOf(socket);
  const end = () => stream.destroy(signal.reason as Error);
  signal.addEventListener("abort", end);
  stream.once("close", () => signal.removeEventListener("abort", end));
  // Until it is open, whoever asked hears of it by the promise.
  const refused = (error: Error) => reject(signal.aborted ? (signal.reason as Error) : error);
  stream.once("error", refused);
  socket.once("unexpected-response", (_, response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (part: string) => (text = `${text}${part}`.slice(0, 10_000)));
    response.once("close", () => stream.destroy(refusal(response.statusCode ?? 0, text)));
  });
  socket.on("error", (error) => stream.destroy(unreachable(access.server, error)));
  socket.once("open", () => {
    stream.off("error", refused);
    resolve(stream);
  });
  return promise;
}

function streamOf(socket: WebSocket): Duplex {
  const begun = new Set<number>();
  let problem = "";
  const stream = new Duplex({
    read: () => socket.resume(),
    write(chunk: Buffer, _, done) {
      socket.send(Buffer.concat([Buffer.of(dataChannel), chunk]), done);
    },
    destroy(error, done) {
      socket.terminate();
      done(error);
    },
  });
  socket.on("message", (message: Buffer) => {
    const channel = message[0] ?? dataChannel;
    const isFirst = !begun.has(channel);
    begun.add(channel);
    const content = message.subarray(1 + (isFirst ? portBytes : 0));
    if (content.length === 0) return;
    if (channel !== dataChannel) problem = `${problem}${content.toString("utf8")}`.slice(0, 1_000);
    else if (!stream.push(content)) socket.pause();
  });
  socket.once("close", () => {
    if (problem) stream.destroy(new Error(problem));
    else stream.push(null);
  });
  return stream;
}
