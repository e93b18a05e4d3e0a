import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: path.resolve(import.meta.dirname, "../.."),
  test: {
    include: ["e2e/cluster/**/*.check.ts", "e2e/cloud/controller/*.check.ts"],
    // They have a configuration of their own, and a portal.
    exclude: ["e2e/cluster/portal/**"],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    fileParallelism: false,
  },
});
