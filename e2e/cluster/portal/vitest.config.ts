import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: path.resolve(import.meta.dirname, "../../.."),
  test: {
    include: ["e2e/cluster/portal/*.check.ts"],
    globalSetup: [path.join(import.meta.dirname, "start.ts")],
    testTimeout: 240_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
