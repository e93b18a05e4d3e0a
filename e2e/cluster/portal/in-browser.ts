import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import path from "node:path";
import { expect, inject, type TestContext } from "vitest";
import { joinSockets } from "#e2e/cluster/portal/join-sockets.ts";
import { findChromium } from "#infra/start/chromium.ts";
import { readEnv } from "#lib/env.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const playwright = [path.join(root, "node_modules/@playwright/test/cli.js"), "test"];
const config = path.join(import.meta.dirname, "playwright.config.ts");

/**
 * Runs one journey in a real browser, on the portal that is there already; where there is no browser it is skipped.
 *
 * @param spec its file, from the repository's root
 * @param patience in milliseconds
 */
export async function inBrowser(
  { skip }: Pick<TestContext, "skip">,
  spec: string,
  patience: number,
): Promise<void> {
  const chromium = await findChromium(readEnv().PATH);
  if ("reason" in chromium) return skip(chromium.reason);
  // Each empties its own folder of results, and only that.
  const results = path.join(root, "test-results", path.basename(path.dirname(path.dirname(spec))));
  await using apart = await browserApart(chromium.path);
  const browser = spawn(process.execPath, [...playwright, spec, "--config", config, "--output", results], {
    cwd: root,
    stdio: "inherit",
    timeout: patience,
    env: {
      ...process.env,
      ...apart.env,
      SLUICE_TEST_PLACE: JSON.stringify(inject("place")),
    },
  });
  const code = await new Promise((resolve, reject) => {
    browser.once("error", reject).once("exit", resolve);
  });
  expect(code, "what Playwright ended with; it said why above").toBe(0);
}

/**
 * What has Chromium started in a network of its own (chromium-apart.ts), and the way from there to the portal. On a
 * given cluster nothing changes the machine's network, so there it is started as it is.
 */
async function browserApart(chromium: string): Promise<AsyncDisposable & { env: Record<string, string> }> {
  if (!inject("place").own) {
    return { env: { SLUICE_CHROMIUM: chromium }, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const { port } = new URL(process.env.SLUICE_TEST_URL!);
  const way = path.join(process.env.SLUICE_CLUSTER_FOLDER!, `${randomUUID()}.sock`);
  const server = createServer((near) => joinSockets(near, connect(Number(port), "127.0.0.1")));
  await once(server.listen(way), "listening");
  return {
    env: {
      SLUICE_CHROMIUM: path.join(import.meta.dirname, "chromium-apart"),
      SLUICE_TEST_CHROMIUM: chromium,
      SLUICE_TEST_NODE: process.execPath,
      SLUICE_TEST_WAY: way,
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}
