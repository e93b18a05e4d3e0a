import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { startTimeOf } from "#infra/processes/start-time.ts";
import { run } from "#infra/tools/run.ts";
import { atLeast } from "#infra/tools/versions.ts";

afterEach(() => void vi.unstubAllEnvs());

test("a program gets what fetching needs, and none of the portal's secrets", async () => {
  vi.stubEnv("SLUICE_KEY", "a-key");
  vi.stubEnv("DATABASE_URL", "postgres://secret");
  vi.stubEnv("SLUICE_STATE_URL", "postgres://secret");
  vi.stubEnv("https_proxy", "http://proxy:3128");
  const { output } = await run("env", [], { env: { GOFLAGS: "-x" } });
  const names = output.split("\n").map((line) => line.split("=")[0]);
  expect(names).toEqual(expect.arrayContaining(["PATH", "https_proxy", "GOFLAGS"]));
  expect(names.filter((name) => /SLUICE|DATABASE/.test(name ?? ""))).toEqual([]);
});

test("lines come one by one, also the ones cut in two by a pipe, and the code is told", async () => {
  const lines: string[] = [];
  const script = 'printf "one\\ntw"; printf "o\\n"; echo bad >&2; exit 3';
  const { code, output } = await run("sh", ["-c", script], { onLine: (line) => lines.push(line) });
  expect(code).toBe(3);
  expect(lines.sort()).toEqual(["bad", "one", "two"]);
  expect(output).toContain("two");
});

test("being stopped ends the program and everything that it started", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-run-"));
  const file = path.join(folder, "pid");
  const stopping = new AbortController();
  const running = run("sh", ["-c", 'sleep 60 & echo $! > "$0"; wait', file], { signal: stopping.signal });
  await expect.poll(async () => Number(await readFile(file, "utf8").catch(() => ""))).toBeGreaterThan(0);
  const grandchild = Number(await readFile(file, "utf8"));
  stopping.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  await expect.poll(() => startTimeOf(grandchild)).toBeNull();
  await rm(folder, { recursive: true });
});

test("a program that isn't there is an error, not a hang", async () => {
  await expect(run("/nonexistent/program", [])).rejects.toThrow(/ENOENT/);
});

test("versions are compared by their numbers", () => {
  expect(atLeast("2.10", "2.8.25")).toBe(true);
  expect(atLeast("2.8.25", "2.8")).toBe(true);
  expect(atLeast("2.8", "2.8.1")).toBe(false);
  expect(atLeast("2.6.12", "2.8")).toBe(false);
  expect(atLeast("1.26.8", "1.25.11")).toBe(true);
});
