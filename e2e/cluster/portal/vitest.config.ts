import path from "node:path";
import { defineConfig } from "vitest/config";

const root = path.resolve(import.meta.dirname, "../../..");

/** Checks that end the worker, or change what nodes there are, which all others would notice. */
const disturbing = ["interrupted", "spread"].map((name) => `e2e/cluster/portal/${name}.check.ts`);

const patience = { testTimeout: 400_000, hookTimeout: 300_000 };

export default defineConfig({
  root,
  test: {
    // Where there can be no cluster, the checks are named as skipped and nothing is started.
    globalSetup: process.env.SLUICE_CLUSTER_MISSING ? [] : [path.join(import.meta.dirname, "start.ts")],
    // Most of a check is waiting for the cluster: some wait together, then the others alone.
    projects: [
      {
        root,
        test: {
          ...patience,
          name: "together",
          include: ["e2e/cluster/portal/*.check.ts"],
          exclude: disturbing,
          maxWorkers: 3,
          // At a time, of the tests of one file.
          maxConcurrency: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        root,
        test: {
          ...patience,
          name: "alone",
          include: disturbing,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
