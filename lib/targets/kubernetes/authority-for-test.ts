import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from "@peculiar/x509";

const crypto = webcrypto as unknown as Crypto;
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;

export type Issued = { certificate: string; key: string };
export type Authority = {
  certificate: string;
  /** A certificate of this authority. Without names it is a client's. */
  issue(options: {
    commonName: string;
    ips?: string[];
    names?: string[];
    from?: Date;
    until?: Date;
  }): Promise<Issued>;
};

/** An authority of a test's own, which vouches for an API server and its clients. */
export async function testAuthority(commonName = "test-ca"): Promise<Authority> {
  const keys = await newKeys();
  const own = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${commonName}`,
      serialNumber: serial(),
      notBefore: new Date(Date.now() - dayMs),
      notAfter: new Date(Date.now() + 30 * dayMs),
      signingAlgorithm: algorithm,
      keys,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    },
    crypto,
  );
  return {
    certificate: pemOf(own),
    async issue({ commonName: name, ips = [], names = [], from, until }) {
      const theirs = await newKeys();
      const alternatives = [
        ...ips.map((value) => ({ type: "ip" as const, value })),
        ...names.map((value) => ({ type: "dns" as const, value })),
      ];
      const certificate = await X509CertificateGenerator.create(
        {
          subject: `CN=${name}`,
          issuer: own.subject,
          serialNumber: serial(),
          notBefore: from ?? new Date(Date.now() - dayMs),
          notAfter: until ?? new Date(Date.now() + 20 * dayMs),
          signingAlgorithm: algorithm,
          signingKey: keys.privateKey,
          publicKey: theirs.publicKey,
          extensions: alternatives.length > 0 ? [new SubjectAlternativeNameExtension(alternatives)] : [],
        },
        crypto,
      );
      return { certificate: pemOf(certificate), key: await keyPem(theirs.privateKey) };
    },
  };
}

function newKeys() {
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function serial(): string {
  return Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString("hex");
}

function pemOf(certificate: X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

async function keyPem(key: CryptoKey): Promise<string> {
  const base64 = Buffer.from(await crypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${(base64.match(/.{1,64}/g) ?? []).join("\n")}\n-----END PRIVATE KEY-----\n`;
}
