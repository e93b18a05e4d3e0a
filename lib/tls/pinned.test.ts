import https from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { sendToEndpoint } from "#lib/deployments/send-to-endpoint.ts";
import { issuedChain } from "#lib/tls/issued-for-test.ts";
import { selfSigned } from "#lib/tls/self-signed.ts";

const now = new Date();
let server: https.Server | null = null;
afterEach(() => server?.close().closeAllConnections());

/** A server that shows this certificate; what a client that trusts `trusted` gets of it. */
async function asked(shown: { cert: string; key: string }, trusted: string): Promise<number | undefined> {
  const listening = https.createServer(shown, (_request, response) => response.end("hello"));
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const { port } = listening.address() as AddressInfo;
  const endpoint = {
    url: `https://models.example.test:${port}`,
    ip: "127.0.0.1",
    port,
    access: "open" as const,
    certificate: trusted,
  };
  const request = { method: "GET", path: "/", headers: {}, signal: AbortSignal.timeout(5_000) };
  const answer = await sendToEndpoint(endpoint, request);
  answer.resume();
  return answer.statusCode;
}

test("exactly the deployed certificate is trusted, under whichever name it is reached", async () => {
  const one = await selfSigned("models.example.test", now);
  expect(await asked({ cert: one.certificate, key: one.key }, one.certificate)).toBe(200);
  const other = await selfSigned("models.example.test", now);
  await expect(asked({ cert: other.certificate, key: other.key }, one.certificate)).rejects.toThrow();
});

test("one of a private authority is trusted with the chain and without, and not by its authority alone", async () => {
  const chain = await issuedChain("models.example.test", now);
  const shown = { cert: chain.own + chain.issuer, key: chain.key };
  expect(await asked(shown, chain.own + chain.issuer)).toBe(200);
  expect(await asked(shown, chain.own)).toBe(200);
  await expect(asked(shown, chain.issuer)).rejects.toThrow("another certificate");
});
