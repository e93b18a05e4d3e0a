import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readEnv } from "#lib/env.ts";
import { awaitHealth, loopbackUrl, publicUrl } from "#infra/start/await-health.ts";
import { requireFreePort } from "#infra/start/port.ts";
import { readRunFile, removeRunFile, writeRunFile } from "#infra/start/run-file.ts";
import { stampOf } from "#infra/start/stamp.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-start-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function withServer(work: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((socket) => socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

test("npm's shell becomes the program, so that a signal to npm alone reaches it", async () => {
  const { scripts } = JSON.parse(await readFile("package.json", "utf8")) as {
    scripts: Record<string, string>;
  };
  for (const name of ["start", "dev", "test"]) expect(scripts[name]).toMatch(/^exec node /);
});

test("a port that is taken is told before anything starts; a free one isn't held", async () => {
  await withServer(async (port) => {
    await expect(requireFreePort("127.0.0.1", port)).rejects.toThrow(
      `Port ${port} is taken by another program`,
    );
  });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await requireFreePort("127.0.0.1", port);
  await requireFreePort("127.0.0.1", port);
});

test("a port that is none is told as such, with what to write instead", () => {
  for (const PORT of ["abc", "70000", "0", "3000.5", "-1", "0x10"]) {
    expect(() => readEnv({ PORT })).toThrow(
      "These settings are wrong:\n  PORT: must be a number from 1 to 65535, as in PORT=3001 npm start",
    );
  }
  expect(readEnv({ PORT: "3456" }).PORT).toBe(3456);
  expect(readEnv({ PORT: "" }).PORT).toBe(3000);
});

test("an address that the machine doesn't have is told as such", async () => {
  await expect(requireFreePort("192.0.2.1", 3000)).rejects.toThrow("Set SLUICE_BIND");
});

test("the address for people is SLUICE_URL, else localhost where that reaches the portal", () => {
  const addresses = (settings: Record<string, string>) => {
    const env = readEnv({ PORT: "3456", ...settings });
    return [publicUrl(env), loopbackUrl(env)];
  };
  expect(addresses({})).toEqual(["http://localhost:3456", "http://127.0.0.1:3456"]);
  expect(addresses({ SLUICE_BIND: "0.0.0.0" })).toEqual(["http://localhost:3456", "http://127.0.0.1:3456"]);
  expect(addresses({ SLUICE_BIND: "::1" })).toEqual(["http://localhost:3456", "http://[::1]:3456"]);
  expect(addresses({ SLUICE_BIND: "192.0.2.7" })).toEqual(["http://192.0.2.7:3456", "http://192.0.2.7:3456"]);
  expect(addresses({ SLUICE_URL: "https://ai.example.com/" })[0]).toBe("https://ai.example.com");
});

test("waiting for the portal ends at once when a stop is asked for", async () => {
  const stopping = new AbortController();
  await withServer(async (port) => {
    const waiting = awaitHealth(`http://127.0.0.1:${port}`, stopping.signal);
    stopping.abort(new Error("asked to stop"));
    await expect(waiting).rejects.toThrow();
  });
});

test("what commands need to know is there while it runs, for its owner alone, and gone afterwards", async () => {
  const content = { databaseUrl: "a", statePortalUrl: "b", stateEngineUrl: "c", url: "d", pid: 1, port: 2 };
  expect(await readRunFile(folder)).toBeNull();
  await writeRunFile(folder, content);
  expect(await readRunFile(folder)).toEqual(content);
  await removeRunFile(folder);
  expect(await readRunFile(folder)).toBeNull();
});

test("a stamp tells a changed, a renamed and a new file, and what else the result depends on", async () => {
  const stamp = (extra = "") => stampOf(folder, ["a", "single.txt", "missing"], extra);
  await mkdir(path.join(folder, "a/b"), { recursive: true });
  await writeFile(path.join(folder, "a/b/one.txt"), "1");
  await writeFile(path.join(folder, "single.txt"), "s");
  const seen = [await stamp()];
  expect(await stamp()).toBe(seen[0]);
  await writeFile(path.join(folder, "a/b/one.txt"), "2");
  seen.push(await stamp());
  await writeFile(path.join(folder, "a/two.txt"), "");
  seen.push(await stamp());
  await rm(path.join(folder, "single.txt"));
  seen.push(await stamp());
  seen.push(await stamp("extra"));
  expect(new Set(seen).size).toBe(seen.length);
});
