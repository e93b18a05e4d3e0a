import { afterEach, expect, test, vi } from "vitest";
import { isSignedOut } from "#components/live/is-signed-out.ts";

afterEach(() => void vi.unstubAllGlobals());

test.each([
  [200, false],
  [401, true],
  [503, false],
])("a portal that answers %i: signed out is %s", async (status, out) => {
  vi.stubGlobal("fetch", async () => new Response(null, { status }));
  expect(await isSignedOut()).toBe(out);
});

test("a portal that doesn't answer has signed nobody out", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await isSignedOut()).toBe(false);
});
