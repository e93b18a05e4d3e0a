import { createPrivateKey, type X509Certificate } from "node:crypto";
import { decodeField, readCertificates } from "#lib/targets/kubernetes/certificates.ts";
import { KubeconfigError } from "#lib/targets/kubernetes/kubeconfig-error.ts";

/** Who asks the cluster: by a certificate with its key (PEM), or by a token. */
export type Credentials =
  { kind: "certificate"; certificate: string; key: string } | { kind: "token"; token: string };

type Fields = Record<string, unknown>;
type Parsed = { credentials: Credentials; expiresAt: Date | null };

const flatten = "Put them in: kubectl config view --minify --flatten --raw.";

/** @throws KubeconfigError where it would run a program, read a file, act as somebody else, or is over */
export function parseCredentials(user: Fields, now: Date): Parsed {
  refuseForeignWays(user);
  if (user["client-certificate-data"] || user["client-key-data"]) return parseCertificate(user, now);
  if (user.token) return parseToken(user.token, now);
  if (user.username || user.password) {
    throw new KubeconfigError(
      "basic_auth",
      "It signs in with a user's name and password, which Kubernetes dropped. Use a service account's token.",
    );
  }
  throw new KubeconfigError(
    "no_credentials",
    "Its user has neither a token nor a client certificate. If kubectl config view hid them, add --raw.",
  );
}

function refuseForeignWays(user: Fields): void {
  const instead =
    "Use a service account's token: the commands for one are below the form and in docs/targets.md.";
  if (user.exec) {
    throw new KubeconfigError(
      "exec",
      `It runs a program to sign in (exec), and Sluice runs none for a kubeconfig. ${instead}`,
    );
  }
  if (user["auth-provider"]) {
    throw new KubeconfigError(
      "auth_provider",
      `It signs in through a plug-in of kubectl (auth-provider), which Sluice doesn't have. ${instead}`,
    );
  }
  const file = ["client-certificate", "client-key", "tokenFile", "token-file"].find((field) => user[field]);
  if (file) {
    throw new KubeconfigError(
      "file_reference",
      `It names a file (${file}), and Sluice reads no files of yours. ${flatten}`,
    );
  }
  const as = Object.keys(user).find((field) => field === "as" || field.startsWith("as-"));
  if (as !== undefined && user[as]) {
    throw new KubeconfigError(
      "impersonation",
      `It acts as somebody else (${as}). Use the credentials of the account that Sluice shall have.`,
    );
  }
}

function parseCertificate(user: Fields, now: Date): Parsed {
  if (!user["client-certificate-data"] || !user["client-key-data"]) {
    throw new KubeconfigError(
      "no_credentials",
      "Its user has a client certificate without its key, or the key without the certificate. Send both.",
    );
  }
  const { pem, first } = readCertificates(user["client-certificate-data"], "client-certificate-data");
  const key = readKey(user["client-key-data"], first);
  const [from, until] = [new Date(first.validFrom), new Date(first.validTo)];
  if (until <= now) {
    throw new KubeconfigError(
      "expired",
      `Its client certificate was good until ${day(until)}. Have the cluster issue a new one.`,
    );
  }
  if (from > now) {
    throw new KubeconfigError(
      "expired",
      `Its client certificate is good only from ${from.toISOString()} on. Compare this machine's clock.`,
    );
  }
  return { credentials: { kind: "certificate", certificate: pem, key }, expiresAt: until };
}

function readKey(value: unknown, certificate: X509Certificate): string {
  const text = decodeField(value, "client-key-data");
  let key;
  try {
    key = createPrivateKey(text);
  } catch {
    throw new KubeconfigError(
      "bad_certificate",
      "Its client-key-data holds no private key that can be read; one with a passphrase can't be used.",
    );
  }
  if (!certificate.checkPrivateKey(key)) {
    throw new KubeconfigError("bad_certificate", "Its client key isn't that of its client certificate.");
  }
  return key.export({ type: "pkcs8", format: "pem" });
}

/** RFC 6750's characters: it stands in a header. */
function parseToken(value: unknown, now: Date): Parsed {
  const token = typeof value === "string" ? value.trim() : "";
  if (token === "REDACTED") {
    throw new KubeconfigError(
      "no_credentials",
      "kubectl config view hid its token. Add --raw to the command.",
    );
  }
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) {
    throw new KubeconfigError(
      "bad_token",
      "Its token has characters that no token has. Copy it whole, on one line.",
    );
  }
  const expiresAt = expiryOfToken(token);
  if (expiresAt && expiresAt <= now) {
    throw new KubeconfigError(
      "expired",
      `Its token was good until ${expiresAt.toISOString()}. Make a new one that lives longer.`,
    );
  }
  return { credentials: { kind: "token", token }, expiresAt };
}

/** A service account's token is a JWT, which says when it is over (RFC 7519, `exp`); other tokens don't. */
function expiryOfToken(token: string): Date | null {
  const [, payload, signature] = token.split(".");
  if (!payload || !signature) return null;
  try {
    const { exp } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as { exp?: unknown };
    const at = typeof exp === "number" ? new Date(exp * 1000) : null;
    return at && !Number.isNaN(at.getTime()) ? at : null;
  } catch {
    return null;
  }
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
