import { spawn } from "node:child_process";
import path from "node:path";
import { expect, inject, type TestContext } from "vitest";
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
  const browser = spawn(process.execPath, [...playwright, spec, "--config", config, "--output", results], {
    cwd: root,
    stdio: "inherit",
    timeout: patience,
    env: {
      ...process.env,
      SLUICE_CHROMIUM: chromium.path,
      SLUICE_TEST_PLACE: JSON.stringify(inject("place")),
    },
  });
  const code = await new Promise((resolve, reject) => {
    browser.once("error", reject).once("exit", resolve);
  });
  expect(code, "what Playwright ended with; it said why above").toBe(0);
}
