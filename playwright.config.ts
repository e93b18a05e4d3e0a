import { defineConfig } from "@playwright/test";

// One portal for the whole run (e2e/start-portal.ts), so specs run one after another and own their names.
export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  testIgnore: "cluster/**",
  globalSetup: "./e2e/start-portal.ts",
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["list"], ["json"]] : [["list"]],
  use: {
    baseURL: process.env.SLUICE_TEST_URL,
    // A trace would cost a third of the time; a failure comes with the page's text and picture.
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.SLUICE_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
