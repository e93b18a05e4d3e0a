import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{app,components,lib,infra,prisma,e2e}/**/*.test.{ts,tsx}"],
    globalSetup: ["./prisma/test-server.ts", "./e2e/cloud/google/obtain-first.ts"],
    setupFiles: ["./prisma/fail-on-console-error.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    restoreMocks: true,
  },
});
