import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { parseSealingKey, seal, unseal, UnsealError } from "#lib/secrets/seal.ts";

const key = parseSealingKey(randomBytes(32).toString("base64"));

test("a sealed value opens with the same key for the same owner, and reads nothing like the text", () => {
  const sealed = seal(key, "dep-a", "s3cret");
  expect(sealed).not.toContain("s3cret");
  expect(unseal(key, "dep-a", sealed)).toBe("s3cret");
  expect(seal(key, "dep-a", "s3cret")).not.toBe(sealed);
});

test("another owner, another key and a changed byte are refused", () => {
  const sealed = seal(key, "dep-a", "s3cret");
  const other = parseSealingKey(randomBytes(32).toString("base64"));
  expect(() => unseal(key, "dep-b", sealed)).toThrow(UnsealError);
  expect(() => unseal(other, "dep-a", sealed)).toThrow(/another SLUICE_KEY/);
  const flipped = sealed.slice(0, -2) + (sealed.at(-2) === "A" ? "B" : "A") + sealed.slice(-1);
  expect(() => unseal(key, "dep-a", flipped)).toThrow(UnsealError);
});
