import { defineConfig } from "@playwright/test";

/** Specs that stop parts of the portal, or change what others choose from. */
const alone = /(outage|targets|cluster-form)\.spec\.ts$/;

/** Specs that need a test cluster: they are run with one (e2e/cluster/run-checks.ts). */
const onCluster = ["cluster/**", "cloud/**"];

// One portal for the whole run (e2e/start-portal.ts): each spec has a person and names of its own, so that two files
// run beside each other, and much of each is waiting.
export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/start-portal.ts",
  workers: 2,
  projects: [
    { name: "together", testMatch: "**/*.spec.ts", testIgnore: [...onCluster, alone] },
    { name: "alone", testMatch: alone, testIgnore: onCluster, workers: 1, dependencies: ["together"] },
  ],
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [["list"], ["json"]] : [["list"]],
  use: {
    baseURL: process.env.SLUICE_TEST_URL,
    // A trace would cost a third of the time; a failure comes with the page's text and picture.
    screenshot: "only-on-failure",
    // Without a graphics processor, drawing what turns and pulses costs a tenth of the time.
    contextOptions: { reducedMotion: "reduce" },
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
