import { X509Certificate } from "node:crypto";
import { KubeconfigError } from "#lib/targets/kubernetes/kubeconfig-error.ts";

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Base64 text of a kubeconfig's field as text. @throws KubeconfigError `bad_certificate` */
export function decodeField(value: unknown, field: string): string {
  if (typeof value === "string" && /^[A-Za-z0-9+/=\s]+$/.test(value)) {
    return Buffer.from(value, "base64").toString("utf8");
  }
  throw new KubeconfigError(
    "bad_certificate",
    `Its ${field} isn't base64. Copy it whole, as kubectl config view --flatten --raw prints it.`,
  );
}

/**
 * The certificates in a field, read to see that they are some, and written anew.
 *
 * @returns the PEM, and the first certificate
 * @throws KubeconfigError `bad_certificate`
 */
export function readCertificates(value: unknown, field: string): { pem: string; first: X509Certificate } {
  const blocks = decodeField(value, field).match(pemBlock) ?? [];
  try {
    const [first, ...rest] = blocks.map((block) => new X509Certificate(block));
    if (first) return { pem: [first, ...rest].map((one) => one.toString()).join(""), first };
  } catch {
    // The reason of the parser speaks of its own routines.
  }
  throw new KubeconfigError(
    "bad_certificate",
    `Its ${field} holds no certificate that can be read. Copy it whole, as kubectl config view --flatten --raw prints it.`,
  );
}
