import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { isIP } from "node:net";

/** What a person is shown of a certificate. Times are ISO 8601 in UTC. */
export type CertificateView = {
  subject: string;
  issuer: string;
  /** the hosts and addresses that it is for */
  names: string[];
  validFrom: string;
  expiresAt: string;
  /** SHA-256 of the whole certificate: `AB:CD:…` */
  fingerprint: string;
  /** the certificates themselves, PEM: for a caller who trusts exactly these */
  pem: string;
};

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** @returns the certificates of a PEM text in their order; none if there is one that can't be read */
export function readChain(pem: string): X509Certificate[] {
  try {
    return (pem.match(block) ?? []).map((text) => new X509Certificate(text));
  } catch {
    return [];
  }
}

/** @returns `null` where this isn't a key in PEM that can be used without a passphrase */
export function readKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

/** The key alone, as PKCS #8 in PEM: what else stood in the text would get into the load balancer's file. */
export function normalizedKey(key: KeyObject): string {
  return String(key.export({ type: "pkcs8", format: "pem" }));
}

/** @throws Error on what isn't a certificate: what is stored was checked before */
export function certificateView(pem: string): CertificateView {
  const [own] = readChain(pem);
  if (!own) throw new Error("A stored certificate can't be read.");
  return {
    subject: oneLine(own.subject),
    issuer: oneLine(own.issuer),
    names: namesOf(own),
    validFrom: own.validFromDate.toISOString(),
    expiresAt: own.validToDate.toISOString(),
    fingerprint: own.fingerprint256,
    pem,
  };
}

/** The hosts and addresses of the extension that browsers look at. */
export function namesOf(certificate: X509Certificate): string[] {
  return (certificate.subjectAltName ?? "")
    .split(", ")
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
}

/** Whether a client takes it for this host or address: a wildcard covers a name, and an address has many spellings. */
export function isFor(certificate: X509Certificate, host: string): boolean {
  if (isIP(host)) return certificate.checkIP(host) !== undefined;
  return certificate.checkHost(host, { subject: "never" }) !== undefined;
}

function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ");
}
