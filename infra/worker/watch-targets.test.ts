import { mkdtempSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { fakeRuntime } from "#infra/local-runtime/provider/fake-runtime.ts";
import { runtimeSocketPath } from "#infra/local-runtime/socket-path.ts";
import { lookAtLocal } from "#infra/worker/watch-targets.ts";

test("the local target is there when its runtime answers and has a load balancer; else the reason is told", async () => {
  const home = mkdtempSync(path.join(tmpdir(), "sluice-targets-"));
  const socketPath = runtimeSocketPath(home);
  await mkdir(path.dirname(socketPath), { recursive: true, mode: 0o700 });
  const absent = await lookAtLocal(home);
  expect(absent.available).toBe(false);
  expect(absent.reason).toContain("The local runtime doesn't answer");
  const runtime = await fakeRuntime({ socketPath });
  expect(await lookAtLocal(home)).toEqual({ available: true, reason: null });
  runtime.haproxy = { available: false, version: null, reason: "it couldn't be downloaded." };
  expect(await lookAtLocal(home)).toEqual({
    available: false,
    reason: "There is no HAProxy to serve with: it couldn't be downloaded.",
  });
  await runtime.close();
  rmSync(home, { recursive: true, force: true });
});
