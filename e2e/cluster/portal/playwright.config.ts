import base from "../../../playwright.config.ts";

// The browser journey on a cluster (journey.check.ts runs it): portal and cluster are there already.
export default {
  ...base,
  testDir: import.meta.dirname,
  testIgnore: [],
  outputDir: "../../../test-results/cluster",
  globalSetup: undefined,
  reporter: [["list"]],
};
