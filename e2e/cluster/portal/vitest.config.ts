import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: path.resolve(import.meta.dirname, "../../.."),
  test: {
    include: ["e2e/cluster/portal/*.check.ts"],
    // Where there can be no cluster, the checks are named as skipped and nothing is started.
    globalSetup: process.env.SLUICE_CLUSTER_MISSING ? [] : [path.join(import.meta.dirname, "start.ts")],
    testTimeout: 400_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    // As many as the worker has operations at a time.
    maxConcurrency: 2,
  },
});
