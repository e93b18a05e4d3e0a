import { once } from "node:events";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import type { Access } from "#infra/kubernetes/connect-options.ts";
import { portForward } from "#infra/kubernetes/port-forward.ts";
import { testAuthority, type Authority } from "#lib/targets/kubernetes/authority-for-test.ts";

// Against a server that speaks as the API server does; e2e/cluster/portal/keys-and-figures.check.ts has a real one.

const at = { namespace: "sluice-dep-a", pod: "proxy-1", port: 9999 };
const never = new AbortController().signal;
let authority: Authority;
let server: https.Server;
let access: Access;
/** what the server does with a connection to the pod */
let serve: (socket: WebSocket) => void;
let asked: { url: string | undefined; authorization: string | undefined; protocol: string | undefined }[];
/** the status that it refuses with, if it does */
let refusal: number | null;

const frame = (channel: number, content: Buffer | string) =>
  Buffer.concat([Buffer.of(channel), Buffer.from(content)]);
const port = Buffer.from([9999 & 0xff, 9999 >> 8]);
const begin = (socket: WebSocket) => {
  socket.send(frame(0, port));
  socket.send(frame(1, port));
};

beforeAll(async () => {
  authority = await testAuthority();
  const { certificate, key } = await authority.issue({ commonName: "kube-apiserver", ips: ["127.0.0.1"] });
  server = https.createServer({ cert: certificate, key });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => "v4.channel.k8s.io" });
  server.on("upgrade", (request, socket, head) => {
    const { authorization, "sec-websocket-protocol": protocol } = request.headers;
    asked.push({ url: request.url, authorization, protocol });
    const body = JSON.stringify({ reason: "Forbidden", message: "pods/portforward is forbidden" });
    if (refusal !== null) {
      socket.end(
        `HTTP/1.1 ${refusal} No\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
    } else sockets.handleUpgrade(request, socket, head, (made) => serve(made));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  access = {
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificateAuthority: authority.certificate,
    tlsServerName: null,
    credentials: { kind: "token", token: "secret-token" },
  };
});
beforeEach(() => {
  asked = [];
  refusal = null;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

test("bytes go both ways, however they are cut, and the stream ends with the pod's side", async () => {
  serve = (socket) => {
    begin(socket);
    const heard: Buffer[] = [];
    socket.on("message", (message: Buffer) => {
      expect(message[0]).toBe(0);
      heard.push(message.subarray(1));
      if (!Buffer.concat(heard).toString().endsWith("\n")) return;
      for (const part of ["you said: ", ...heard]) socket.send(frame(0, part));
      socket.close();
    });
  };
  const stream = await portForward(access, at, never);
  stream.write("show ");
  stream.write("map\n");
  expect(await text(stream)).toBe("you said: show map\n");
  expect(asked).toEqual([
    {
      url: "/api/v1/namespaces/sluice-dep-a/pods/proxy-1/portforward?ports=9999",
      authorization: "Bearer secret-token",
      protocol: "v4.channel.k8s.io",
    },
  ]);
});

test("much more than is read at once arrives whole", async () => {
  const parts = Array.from({ length: 200 }, (_, n) => String(n).padStart(8, "0").repeat(4_000));
  serve = (socket) => {
    begin(socket);
    for (const part of parts) socket.send(frame(0, part));
    socket.close();
  };
  expect(await text(await portForward(access, at, never))).toBe(parts.join(""));
});

test("what the node says of a port that nothing listens on breaks the stream", async () => {
  serve = (socket) => {
    begin(socket);
    socket.send(frame(1, "error forwarding port 9999 to pod: connection refused"));
    socket.close();
  };
  await expect(text(await portForward(access, at, never))).rejects.toThrow("connection refused");
});

test("a refusal is the API server's own", async () => {
  refusal = 403;
  await expect(portForward(access, at, never)).rejects.toMatchObject({
    name: "ApiError",
    status: 403,
    reason: "Forbidden",
    message: "pods/portforward is forbidden",
  });
});

test("a server that the kubeconfig's authority doesn't vouch for is told nothing, whatever the environment says", async () => {
  const other = await testAuthority();
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  try {
    const mistaken = { ...access, certificateAuthority: other.certificate };
    await expect(portForward(mistaken, at, never)).rejects.toMatchObject({ name: "ApiUnreachable" });
  } finally {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  }
  expect(asked).toEqual([]);
});

test("an abort ends it at any moment: before, in the handshake, and afterwards; the server sees it go", async () => {
  const gone = Promise.withResolvers<void>();
  serve = (socket) => {
    begin(socket);
    socket.once("close", () => gone.resolve());
  };
  await expect(portForward(access, at, AbortSignal.abort(new Error("over")))).rejects.toThrow("over");
  const early = new AbortController();
  const opening = portForward(access, at, early.signal);
  early.abort(new Error("too early"));
  await expect(opening).rejects.toThrow("too early");
  const later = new AbortController();
  const stream = await portForward(access, at, later.signal);
  const reading = text(stream);
  later.abort(new Error("enough"));
  await expect(reading).rejects.toThrow("enough");
  await gone.promise;
});
