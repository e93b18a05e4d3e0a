import { expect, it } from "vitest";
import { secretMask } from "#lib/operations/mask-secrets.ts";

it("masks a value whole, line by line and as JSON holds it", () => {
  const value = '-----BEGIN KEY-----\nMIIE"quoted"abc\n  q83vEi\\x\n}\n';
  const mask = secretMask([value]);
  expect(mask(`is ${value}!`)).toBe("is [secret]!");
  expect(mask('MIIE"quoted"abc')).toBe("[secret]");
  expect(mask("line: q83vEi\\x")).toBe("line: [secret]");
  expect(mask(JSON.stringify({ key: value, n: 1 }))).toBe('{"key":"[secret]","n":1}');
  const twice = mask(JSON.stringify({ message: JSON.stringify({ key: value }) }));
  for (const part of ["BEGIN", "MIIE", "q83vEi"]) expect(twice).not.toContain(part);
});

it("leaves alone what is too short to be told from any text, and takes the longest first", () => {
  const mask = secretMask(["", "abc", "secret-word", "secret-word-longer"]);
  expect(mask("abc secret-word-longer secret-word {}")).toBe("abc [secret] [secret] {}");
});
