import { spawn } from "node:child_process";
import path from "node:path";
import { expect, inject, test } from "vitest";
import { findChromium } from "#infra/start/chromium.ts";
import { readEnv } from "#lib/env.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const playwright = [path.join(root, "node_modules/@playwright/test/cli.js"), "test"];
const config = path.join(import.meta.dirname, "playwright.config.ts");

/** In milliseconds; on a quiet machine it takes a third of that. */
const patience = 540_000;

test(
  "in a browser: a cluster is registered, a deployment goes on it to its receipt, another is forgotten",
  {
    timeout: patience + 10_000,
  },
  async ({ skip }) => {
    const chromium = await findChromium(readEnv().PATH);
    if ("reason" in chromium) return skip(chromium.reason);
    const place = inject("place");
    const browser = spawn(process.execPath, [...playwright, "--config", config], {
      cwd: root,
      stdio: "inherit",
      timeout: patience,
      env: {
        ...process.env,
        SLUICE_CHROMIUM: chromium.path,
        SLUICE_TEST_PLACE: JSON.stringify(place),
      },
    });
    const code = await new Promise((resolve, reject) => {
      browser.once("error", reject).once("exit", resolve);
    });
    expect(code, "what Playwright ended with; it said why above").toBe(0);
  },
);
