import type { KeyObject, X509Certificate } from "node:crypto";
import type { FieldError } from "#lib/errors.ts";
import { readChain, readKey } from "#lib/tls/read-certificate.ts";

/**
 * What keeps a given certificate from serving.
 *
 * @param key PEM of its key; `null` where the one that is stored stays
 * @param stored the certificates that the stored key belongs to, or `null`
 */
export function certificateProblem(
  certificate: string,
  key: string | null,
  stored: string | null,
  now: Date,
): FieldError | null {
  if (certificate.includes("PRIVATE KEY-----")) {
    return at(
      "certificate",
      "There is a private key in here, and a certificate is shown to everyone. Put it into its own field.",
    );
  }
  const chain = readChain(certificate);
  const [own] = chain;
  if (!own) {
    return at(
      "certificate",
      "This isn't a certificate in PEM (-----BEGIN CERTIFICATE-----). Paste it whole.",
    );
  }
  const wrong =
    chainProblem(chain) ?? timeProblem(own, now) ?? usageProblem(own) ?? strengthProblem(own.publicKey);
  if (wrong) return at("certificate", wrong);
  if (key !== null) return keyProblem(own, key);
  const [before] = stored === null ? [] : readChain(stored);
  if (before && samePublicKey(before, own)) return null;
  return at(
    "key",
    before ? "This certificate is for another key than the stored one. Give its key too." : needed,
  );
}

const needed = "Give the certificate's private key in PEM. It is sealed at once and never shown.";

function at(field: "certificate" | "key", message: string): FieldError {
  return { field: `endpoint.tls.${field}`, message };
}

function keyProblem(own: X509Certificate, pem: string): FieldError | null {
  if (pem.trim() === "") return at("key", needed);
  if (/ENCRYPTED/.test(pem)) {
    return at("key", "This key is locked with a passphrase. Give it without one (openssl pkey -in key.pem).");
  }
  const key = readKey(pem);
  if (!key) return at("key", "This isn't a private key in PEM (-----BEGIN PRIVATE KEY-----).");
  return own.checkPrivateKey(key) ? null : at("key", "This key doesn't belong to the certificate.");
}

function chainProblem(chain: X509Certificate[]): string | null {
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    if (!issuer) break;
    if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) {
      return `Certificate ${index + 1} wasn't issued by certificate ${index + 2}. Put the endpoint's own first, then each followed by its issuer.`;
    }
  }
  return null;
}

function timeProblem(own: X509Certificate, now: Date): string | null {
  if (own.validToDate <= now) return `This certificate expired on ${day(own.validToDate)}.`;
  if (own.validFromDate > now) return `This certificate is valid from ${day(own.validFromDate)} only.`;
  return null;
}

/** RFC 5280, 4.2.1.12: one that says what it is for is for nothing else. One that says nothing is for all. */
function usageProblem({ keyUsage }: X509Certificate): string | null {
  // Named as the extension, but what Node tells under it is the extended key usage.
  if (!keyUsage || keyUsage.includes(serverAuth)) return null;
  return "This certificate isn't for a server: its extended key usage lacks server authentication (serverAuth), so every client would refuse it. Have one issued that has it.";
}

const serverAuth = "1.3.6.1.5.5.7.3.1";

/** What TLS libraries refuse to serve with at their usual security level. */
function strengthProblem(key: KeyObject): string | null {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  return key.asymmetricKeyType === "rsa" && bits !== undefined && bits < 2048
    ? `Its RSA key has ${bits} bits; at least 2048 are needed.`
    : null;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function samePublicKey(one: X509Certificate, other: X509Certificate): boolean {
  return one.publicKey.equals(other.publicKey);
}
