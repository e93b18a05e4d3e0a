import http, { type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiUnreachable } from "#infra/kubernetes/api-client.ts";
import type { Access } from "#infra/kubernetes/connect-options.ts";
import { followLog } from "#infra/kubernetes/follow-log.ts";

const log = { namespace: "sluice-dep-a", pod: "proxy-1", container: "haproxy" };
const never = new AbortController().signal;
const longestSilenceMs = 50;
let server: http.Server;
let access: Access;
let answer: (response: ServerResponse) => void;

beforeAll(async () => {
  server = http.createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  access = {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificateAuthority: null,
    tlsServerName: null,
    credentials: { kind: "token", token: "secret-token" },
  };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("an answer that doesn't come is waited for with a bound: it may be that nothing was written", async () => {
  answer = () => undefined;
  expect(await followLog(access, log, never, longestSilenceMs)).toBeNull();
});

test("what a container before had to say is there at once, or it isn't reached", async () => {
  answer = () => undefined;
  const previous = followLog(access, { ...log, previous: true }, never, longestSilenceMs);
  await expect(previous).rejects.toThrow(ApiUnreachable);
});

test("between lines it may be silent for longer", async () => {
  answer = (response) => {
    response.write("one\n");
    setTimeout(() => response.end("two\n"), 3 * longestSilenceMs);
  };
  const stream = await followLog(access, log, never, longestSilenceMs);
  expect(await text(stream!)).toBe("one\ntwo\n");
});
