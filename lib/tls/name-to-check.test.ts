import { expect, it } from "vitest";
import { issuedChain } from "#lib/tls/issued-for-test.ts";
import { nameToCheck } from "#lib/tls/name-to-check.ts";
import { selfSigned } from "#lib/tls/self-signed.ts";

const made = (host: string) => selfSigned(host, new Date()).then(({ certificate }) => certificate);

it("is none where the certificate is for the address, or there is none", async () => {
  expect(nameToCheck({ url: "http://192.0.2.7" })).toBeNull();
  expect(
    nameToCheck({ url: "https://nodes.example.org:30443", certificate: await made("nodes.example.org") }),
  ).toBe(null);
  expect(nameToCheck({ url: "https://192.0.2.7:30443", certificate: await made("192.0.2.7") })).toBeNull();
});

it("is the certificate's own name where the address is another, or that name leads nowhere", async () => {
  const certificate = await made("dep-1.sluice.internal");
  expect(nameToCheck({ url: "https://192.0.2.7:30443", certificate })).toBe("dep-1.sluice.internal");
  expect(nameToCheck({ url: "https://[2001:db8::1]", certificate })).toBe("dep-1.sluice.internal");
  expect(nameToCheck({ url: "https://dep-1.sluice.internal:30443", certificate })).toBe(
    "dep-1.sluice.internal",
  );
});

it("is a name under the wildcard where the certificate has no whole name", async () => {
  const of = async (names: string[]) => (await issuedChain(names, { now: new Date() })).own;
  const wild = await of(["*.models.example.org"]);
  expect(nameToCheck({ url: "https://192.0.2.7:30443", certificate: wild })).toBe("model.models.example.org");
  expect(nameToCheck({ url: "https://chat.models.example.org", certificate: wild })).toBeNull();
  const both = await of(["*.models.example.org", "models.example.org"]);
  expect(nameToCheck({ url: "https://192.0.2.7:30443", certificate: both })).toBe("models.example.org");
});
