import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{app,components,lib,infra,prisma,e2e}/**/*.test.{ts,tsx}"],
    globalSetup: ["./prisma/test-server.ts", "./e2e/cloud/google/obtain-first.ts"],
    setupFiles: ["./prisma/fail-on-console-error.ts"],
    // One more than there are cores, of two: much of a test is waiting for Postgres and the engine.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Half a test's time: what is waited for is there in a moment, but not within a second on a machine that is busy.
    expect: { poll: { timeout: 10_000 } },
    restoreMocks: true,
  },
});
