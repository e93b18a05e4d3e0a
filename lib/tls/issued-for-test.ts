import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const crypto = webcrypto as unknown as Crypto;
const dayMs = 86_400_000;

type Wanted = {
  now: Date;
  /** how long it is valid from `now` on; negative: it has ended */
  days?: number;
  /** object identifiers of what the certificate may be used for; without, for all */
  usages?: string[];
};

/**
 * A certificate for this name or these, and the authority that issued it.
 *
 * @param isIntermediate the authority was issued by another one, which nobody has
 */
export async function issuedChain(
  names: string | string[],
  { now, days = 30, usages, isIntermediate = false }: Wanted & { isIntermediate?: boolean },
) {
  const list = [names].flat();
  const keyPair = () => crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const [root, authority, keys] = await Promise.all([keyPair(), keyPair(), keyPair()]);
  const times = {
    notBefore: new Date(now.getTime() - 90 * dayMs),
    notAfter: new Date(now.getTime() + days * dayMs),
    signingAlgorithm: algorithm,
  };
  const issuer = await X509CertificateGenerator.create(
    {
      ...times,
      notAfter: new Date(now.getTime() + 30 * dayMs),
      subject: "CN=An authority",
      issuer: isIntermediate ? "CN=The authority above it" : "CN=An authority",
      publicKey: authority.publicKey,
      signingKey: isIntermediate ? root.privateKey : authority.privateKey,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    },
    crypto,
  );
  const own = await X509CertificateGenerator.create(
    {
      ...times,
      subject: `CN=${list[0]}`,
      issuer: issuer.subject,
      publicKey: keys.publicKey,
      signingKey: authority.privateKey,
      extensions: [
        new SubjectAlternativeNameExtension(
          list.map((value) => ({ type: isIP(value) ? ("ip" as const) : ("dns" as const), value })),
        ),
        ...(usages ? [new ExtendedKeyUsageExtension(usages)] : []),
      ],
    },
    crypto,
  );
  const key = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return {
    own: `${own.toString("pem")}\n`,
    issuer: `${issuer.toString("pem")}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${key.match(/.{1,64}/g)?.join("\n")}\n-----END PRIVATE KEY-----\n`,
  };
}
