import { expect, test } from "vitest";
import { isEndpointOverride, tokenUriOf } from "#lib/targets/gke/endpoint-override.ts";

test.each([
  ["http://127.0.0.1:4000", true],
  ["http://127.8.9.1:4000/", true],
  ["http://localhost:4000", true],
  ["http://[::1]:4000", true],
  ["https://google.example.com", true],
  ["http://google.example.com", false],
  ["http://10.0.0.1:4000", false],
  ["http://127.0.0.1.example.com", false],
  ["https://google.example.com/path", false],
  ["https://user@google.example.com", false],
  ["https://google.example.com/?x=1", false],
  ["ftp://127.0.0.1", false],
  ["nonsense", false],
])("%s may stand for Google: %s", (address, isTaken) => {
  expect(isEndpointOverride(address)).toBe(isTaken);
});

test("a key's token is asked for where the APIs are", () => {
  expect(tokenUriOf(null)).toBe("https://oauth2.googleapis.com/token");
  expect(tokenUriOf("http://127.0.0.1:4000/")).toBe("http://127.0.0.1:4000/token");
});
