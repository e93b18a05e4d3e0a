import type { AddressInfo } from "node:net";
import net from "node:net";
import tls from "node:tls";
import { afterEach, expect, test } from "vitest";
import { sendToEndpoint } from "#lib/deployments/send-to-endpoint.ts";
import { issuedChain } from "#lib/tls/issued-for-test.ts";
import { selfSigned } from "#lib/tls/self-signed.ts";

const now = new Date();
let server: net.Server | null = null;
afterEach(() => server?.close());

const listenOn = async (listening: net.Server) => {
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return (listening.address() as AddressInfo).port;
};

function send(port: number, certificate: string, signal = AbortSignal.timeout(5_000)) {
  const endpoint = {
    url: `https://models.example.test:${port}`,
    ip: "127.0.0.1",
    port,
    access: "private" as const,
    certificate,
  };
  const headers = { authorization: "Bearer slp_canary", "content-length": 4 };
  return sendToEndpoint(endpoint, { method: "POST", path: "/", headers, body: "body", signal });
}

/** Asks a server that shows one certificate, trusting another; with all that reached the server. */
async function asked(shown: { cert: string; key: string }, trusted: string) {
  let received = "";
  const closed = Promise.withResolvers<void>();
  const listening = tls.createServer(shown, (socket) => {
    socket.on("error", () => {});
    socket.on("data", (part: Buffer) => {
      received += part.toString();
      if (received.endsWith("body")) socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    });
  });
  listening.on("connection", (socket: net.Socket) => socket.on("close", () => closed.resolve()));
  const port = await listenOn(listening);
  const answer = await send(port, trusted).catch((error: unknown) => error as Error);
  if (!(answer instanceof Error)) answer.resume();
  await closed.promise;
  return { answer, received };
}

test("exactly the deployed certificate is trusted, under whichever name it is reached", async () => {
  const one = await selfSigned("models.example.test", now);
  const { answer, received } = await asked({ cert: one.certificate, key: one.key }, one.certificate);
  expect(answer).toMatchObject({ statusCode: 200 });
  expect(received).toContain("Bearer slp_canary");
});

test("who shows another one is told nothing, whoever issued it and whatever the environment says", async () => {
  const chain = await issuedChain("models.example.test", { now });
  const other = await issuedChain("models.example.test", { now });
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  try {
    for (const trusted of [other.own, chain.issuer, other.own + chain.own]) {
      const { answer, received } = await asked({ cert: chain.own + chain.issuer, key: chain.key }, trusted);
      expect(String(answer)).toContain("another certificate");
      expect(received).toBe("");
    }
  } finally {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  }
});

test("one of a private authority is trusted with the chain and without", async () => {
  const chain = await issuedChain("models.example.test", { now });
  const shown = { cert: chain.own + chain.issuer, key: chain.key };
  expect((await asked(shown, chain.own + chain.issuer)).answer).toMatchObject({ statusCode: 200 });
  expect((await asked(shown, chain.own)).answer).toMatchObject({ statusCode: 200 });
});

test("one that has ended, or isn't for the host, is still the one that was deployed", async () => {
  const ended = await issuedChain("other.example.test", { now, days: -1 });
  expect((await asked({ cert: ended.own, key: ended.key }, ended.own)).answer).toMatchObject({
    statusCode: 200,
  });
});

test("a wait for a server that never shows one ends when it is called off, with why", async () => {
  const sockets: net.Socket[] = [];
  const port = await listenOn(net.createServer((socket) => void sockets.push(socket.on("error", () => {}))));
  const { certificate } = await selfSigned("models.example.test", now);
  const error = await send(port, certificate, AbortSignal.timeout(200)).catch((thrown: unknown) => thrown);
  const reasons = [error, (error as Error).cause].map((one) => (one instanceof Error ? one.name : ""));
  expect(reasons).toContain("TimeoutError");
  for (const socket of sockets) socket.destroy();
});
