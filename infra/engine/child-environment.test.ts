import { expect, test } from "vitest";
import { engineEnvironment, fencedStateUrl, runnerEnvironment } from "#infra/engine/child-environment.ts";

const canary = "canary-5f1b";
/** What a worker's environment may hold, and more. */
const workers = Object.fromEntries(
  [
    "DATABASE_URL",
    "SLUICE_KEY",
    "SLUICE_STATE_URL",
    "SLUICE_STATE_PORTAL_URL",
    "BETTER_AUTH_SECRET",
    "NODE_OPTIONS",
  ]
    .concat(["HTTPS_PROXY", "AWS_SECRET_ACCESS_KEY", "PULUMI_ACCESS_TOKEN", "npm_config_registry", "HOME"])
    .map((name) => [name, canary]),
);

const run = {
  cliPath: "/cache/pulumi/bin/pulumi",
  folder: "/home/engine/dep-x",
  stateUrl: "postgres://engine@localhost/state?sluice.fence=3",
  passphrase: "stack's own",
  operationId: "op-x",
  deploymentId: "dep-x",
  fence: 3,
  runtimeSocket: "/home/runtime/runtime.sock",
};

test("neither runner nor engine gets anything of the portal's environment but what a program needs to run", () => {
  const source = { ...workers, PATH: "/usr/bin", LANG: "C", TMPDIR: "/tmp" };
  expect(runnerEnvironment(source)).toEqual({ PATH: "/usr/bin", LANG: "C", TMPDIR: "/tmp" });
  const engine = engineEnvironment(source, run);
  expect(JSON.stringify(engine)).not.toContain(canary);
  expect(engine.PATH).toMatch(/local-runtime\/provider:\/cache\/pulumi\/bin:\/usr\/bin$/);
});

test("the state's address carries the fence, and keeps what it had", () => {
  expect(fencedStateUrl("postgres://e:p%40ss@h/state?sslmode=disable", 7)).toBe(
    "postgres://e:p%40ss@h/state?sslmode=disable&sluice.fence=7",
  );
  expect(fencedStateUrl("file:///tmp/state", 7)).toBe("file:///tmp/state");
});
