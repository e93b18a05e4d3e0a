import { generateKeyPairSync } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { certificateProblem } from "#lib/tls/certificate-problem.ts";
import { issuedChain } from "#lib/tls/issued-for-test.ts";
import { certificateView } from "#lib/tls/read-certificate.ts";
import { selfSigned } from "#lib/tls/self-signed.ts";
import { stillServes } from "#lib/tls/still-serves.ts";

const now = new Date();
const dayMs = 86_400_000;
let own: { certificate: string; key: string };
let chain: Awaited<ReturnType<typeof issuedChain>>;

beforeAll(async () => {
  own = await selfSigned("models.example.test", now);
  chain = await issuedChain("models.example.test", { now });
});

const problemOf = (
  certificate: string,
  key: string | null = own.key,
  stored: string | null = null,
  at = now,
) => certificateProblem(certificate, key, stored, at);

describe("a certificate with its key", () => {
  it("is taken alone, and before those that issued it", () => {
    expect(problemOf(own.certificate)).toBeNull();
    expect(problemOf(chain.own + chain.issuer, chain.key)).toBeNull();
    expect(problemOf(`A comment.\n${chain.own}\r\n${chain.issuer}`, chain.key)).toBeNull();
  });

  it.each([
    ["something else", () => problemOf("hello"), "certificate", "This isn't a certificate in PEM"],
    ["a key in its place", () => problemOf(own.key), "certificate", "Put it into its own field"],
    [
      "a key beside it",
      () => problemOf(own.certificate + own.key),
      "certificate",
      "Put it into its own field",
    ],
    [
      "one cut off",
      () => problemOf(own.certificate.replace("MII", "MIX")),
      "certificate",
      "This isn't a certificate in PEM",
    ],
    [
      "the issuer first",
      () => problemOf(chain.issuer + chain.own, chain.key),
      "certificate",
      "Certificate 1 wasn't issued by certificate 2.",
    ],
    [
      "a stranger behind it",
      () => problemOf(chain.own + own.certificate, chain.key),
      "certificate",
      "Certificate 1 wasn't issued by certificate 2.",
    ],
    [
      "an expired one",
      () => problemOf(own.certificate, own.key, null, new Date(now.getTime() + 91 * dayMs)),
      "certificate",
      "This certificate expired on",
    ],
    [
      "one of tomorrow",
      () => problemOf(own.certificate, own.key, null, new Date(now.getTime() - dayMs)),
      "certificate",
      "This certificate is valid from",
    ],
    ["no key", () => problemOf(own.certificate, null), "key", "Give the certificate's private key"],
    ["an empty key", () => problemOf(own.certificate, " "), "key", "Give the certificate's private key"],
    ["another's key", () => problemOf(own.certificate, chain.key), "key", "This key doesn't belong"],
    ["no key at all", () => problemOf(own.certificate, own.certificate), "key", "This isn't a private key"],
    ["a locked key", () => problemOf(own.certificate, lockedKey()), "key", "This key is locked"],
  ])("%s is refused with a way on", (_what, problem, field, words) => {
    expect(problem()).toMatchObject({ field: `endpoint.tls.${field}` });
    expect(problem()?.message).toContain(words);
  });

  it("is refused where it is for something else than a server, and taken where it says nothing", async () => {
    const [serverAuth, clientAuth] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];
    const issuedFor = (usages?: string[]) =>
      issuedChain("models.example.test", { now, ...(usages && { usages }) });
    const forClients = await issuedFor([clientAuth]);
    expect(problemOf(forClients.own, forClients.key)).toMatchObject({
      field: "endpoint.tls.certificate",
      message: expect.stringContaining("lacks server authentication (serverAuth)") as string,
    });
    for (const usages of [[clientAuth, serverAuth], [serverAuth], undefined]) {
      const { own: certificate, key } = await issuedFor(usages);
      expect(problemOf(certificate, key)).toBeNull();
    }
  });

  it("keeps the stored key where it is for the same one, and asks for it where it isn't", () => {
    expect(problemOf(own.certificate, null, own.certificate)).toBeNull();
    const other = problemOf(chain.own, null, own.certificate);
    expect(other?.message).toContain("another key than the stored one");
  });
});

describe("a self-signed certificate", () => {
  it("is for the host and for this machine, and shows what it is", () => {
    const view = certificateView(own.certificate);
    expect(view).toMatchObject({
      subject: "CN=Sluice, O=self-signed for trial",
      names: ["models.example.test", "localhost", "127.0.0.1"],
    });
    expect(view.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(Date.parse(view.expiresAt) - now.getTime()).toBeGreaterThan(89 * dayMs);
  });

  it("serves until its last month, and for no other host", () => {
    const later = (days: number) => new Date(now.getTime() + days * dayMs);
    expect(stillServes(own.certificate, "models.example.test", later(59))).toBe(true);
    expect(stillServes(own.certificate, "models.example.test", later(61))).toBe(false);
    expect(stillServes(own.certificate, "other.example.test", now)).toBe(false);
  });

  it("is kept for an address of IPv6 however it is written, and for a name that it covers", async () => {
    const { certificate } = await selfSigned("2001:db8::7", now);
    expect(stillServes(certificate, "2001:db8::7", now)).toBe(true);
    expect(stillServes(certificate, "2001:0DB8:0::0:7", now)).toBe(true);
    expect(stillServes(certificate, "2001:db8::8", now)).toBe(false);
    const wide = await issuedChain(["*.example.test", "localhost", "127.0.0.1"], { now, days: 60 });
    expect(stillServes(wide.own, "models.example.test", now)).toBe(true);
    expect(stillServes(wide.own, "a.models.example.test", now)).toBe(false);
  });
});

function lockedKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const locked = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" } as const;
  return String(privateKey.export(locked));
}
