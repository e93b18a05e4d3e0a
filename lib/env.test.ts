import { homedir } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { readEnv } from "#lib/env.ts";

afterEach(() => vi.unstubAllEnvs());

test.each([
  ["isn't set", undefined],
  ["is empty", ""],
  ["isn't absolute", "data"],
])("a base folder that %s is the usual one", (_, given) => {
  vi.stubEnv("XDG_DATA_HOME", given);
  vi.stubEnv("XDG_CACHE_HOME", given);
  const { SLUICE_HOME, SLUICE_CACHE } = readEnv({});
  expect(SLUICE_HOME).toBe(path.join(homedir(), ".local/share/sluice"));
  expect(SLUICE_CACHE).toBe(path.join(homedir(), ".cache/sluice"));
});

test("data and caches go where the machine keeps such, unless Sluice is told another folder", () => {
  vi.stubEnv("XDG_DATA_HOME", "/srv/data");
  vi.stubEnv("XDG_CACHE_HOME", "/srv/cache");
  expect(readEnv({})).toMatchObject({ SLUICE_HOME: "/srv/data/sluice", SLUICE_CACHE: "/srv/cache/sluice" });
  const told = { SLUICE_HOME: "/opt/home", SLUICE_CACHE: "/opt/cache" };
  expect(readEnv(told)).toMatchObject(told);
});
