import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A certificate for this name, and the authority that issued it. */
export async function issuedChain(name: string, now: Date) {
  const crypto = webcrypto as unknown as Crypto;
  const keyPair = () => crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const [authority, keys] = await Promise.all([keyPair(), keyPair()]);
  const times = {
    notBefore: new Date(now.getTime() - 3_600_000),
    notAfter: new Date(now.getTime() + 30 * 86_400_000),
    signingAlgorithm: algorithm,
  };
  const issuer = await X509CertificateGenerator.createSelfSigned(
    { ...times, name: "CN=An authority", keys: authority, extensions: [new BasicConstraintsExtension(true)] },
    crypto,
  );
  const own = await X509CertificateGenerator.create(
    {
      ...times,
      subject: `CN=${name}`,
      issuer: issuer.subject,
      publicKey: keys.publicKey,
      signingKey: authority.privateKey,
      extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
    },
    crypto,
  );
  const key = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return {
    own: `${own.toString("pem")}\n`,
    issuer: `${issuer.toString("pem")}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
}
