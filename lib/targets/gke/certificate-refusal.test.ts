import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { X509CertificateGenerator } from "@peculiar/x509";
import { expect, test } from "vitest";
import { certificateRefusal } from "#lib/targets/gke/certificate-refusal.ts";

const crypto = webcrypto as unknown as Crypto;
const rsa = (modulusLength: number) => ({
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength,
  publicExponent: new Uint8Array([1, 0, 1]),
});
const ecdsa = (namedCurve: string) => ({ name: "ECDSA", hash: "SHA-256", namedCurve });

async function certificateOf(algorithm: ReturnType<typeof rsa> | ReturnType<typeof ecdsa>): Promise<string> {
  const keys = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { name: "CN=model.example.com", keys, signingAlgorithm: algorithm },
    crypto,
  );
  return certificate.toString("pem");
}

test.each([
  ["RSA 2048", rsa(2048), false],
  ["ECDSA P-256", ecdsa("P-256"), false],
  ["RSA 3072", rsa(3072), true],
  ["ECDSA P-384", ecdsa("P-384"), true],
])("a certificate for a key of %s", async (_, algorithm, isRefused) => {
  const refusal = certificateRefusal(await certificateOf(algorithm));
  if (isRefused) expect(refusal).toMatch(/RSA with 2048 bits or ECDSA on P-256.*Give a certificate/);
  else expect(refusal).toBeNull();
});
