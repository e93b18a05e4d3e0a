import base from "../../../playwright.config.ts";

// The browser journeys on a cluster, and on Google's cloud before it (each is run by its journey.check.ts): the portal
// and what it deploys to are there already.
export default {
  ...base,
  testDir: "../..",
  testMatch: "{cluster,cloud}/portal/*.spec.ts",
  projects: undefined,
  workers: 1,
  globalSetup: undefined,
  reporter: [["list"]],
};
