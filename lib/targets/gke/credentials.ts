import { createPrivateKey } from "node:crypto";
import * as z from "zod";
import { CredentialsError } from "#lib/targets/gke/credentials-error.ts";

/** Who asks Google, as a service account: all that is kept of its key file. */
export type ServiceAccountKey = {
  kind: "service_account";
  clientEmail: string;
  /** the account's own project; the target's may be another */
  projectId: string;
  privateKeyId: string;
  /** PEM, PKCS #8 */
  privateKey: string;
  /** where a token is asked for */
  tokenUri: string;
};

/** Who asks Google where nobody uploaded a key: what the worker's own machine has. */
export type WorkerCredentials =
  | ServiceAccountKey
  | { kind: "authorized_user"; clientId: string; clientSecret: string; refreshToken: string }
  /** the machine is Google's, and its metadata server gives tokens */
  | { kind: "metadata" };

export type CredentialsOptions = {
  /** where tokens are asked for instead of Google, when its endpoints are overridden */
  tokenUri?: string;
};

export const googleTokenUri = "https://oauth2.googleapis.com/token";

/** Far more than any key file has. */
const mostCharacters = 32 * 1024;

const text = z.string().min(1);
const serviceAccount = z.strictObject({
  type: z.literal("service_account"),
  project_id: text,
  private_key_id: text,
  private_key: text,
  client_email: text,
  token_uri: text,
  universe_domain: z.string().optional(),
  // What Google writes into it besides, and nobody here reads.
  client_id: z.string().optional(),
  auth_uri: z.string().optional(),
  auth_provider_x509_cert_url: z.string().optional(),
  client_x509_cert_url: z.string().optional(),
});
const authorizedUser = z.strictObject({
  type: z.literal("authorized_user"),
  client_id: text,
  client_secret: text,
  refresh_token: text,
  universe_domain: z.string().optional(),
  account: z.string().optional(),
  quota_project_id: z.string().optional(),
});

const makeKey =
  "Make a key of a service account as JSON (gcloud iam service-accounts keys create key.json --iam-account=ADDRESS), and upload that file.";

/**
 * Reads the key file of a service account that an admin uploads. What would have the worker ask somebody else than
 * Google, run a program, or act as another is refused.
 *
 * @throws CredentialsError
 */
export function parseServiceAccountKey(file: string, options: CredentialsOptions = {}): ServiceAccountKey {
  const fields = readFile(file);
  if (fields.type !== "service_account") throw wrongType(fields.type, makeKey);
  return readServiceAccount(fields, options);
}

/**
 * Reads what the worker's machine has for Google's libraries, the file that GOOGLE_APPLICATION_CREDENTIALS names or
 * gcloud's own.
 *
 * @param file null: there is none, so it is the metadata server's
 * @throws CredentialsError
 */
export function parseWorkerCredentials(
  file: string | null,
  options: CredentialsOptions = {},
): WorkerCredentials {
  if (file === null) return { kind: "metadata" };
  const fields = readFile(file);
  if (fields.type === "service_account") return readServiceAccount(fields, options);
  if (fields.type !== "authorized_user")
    throw wrongType(fields.type, "Run gcloud auth application-default login where the worker runs.");
  const user = check(authorizedUser, fields);
  checkUniverse(user.universe_domain);
  return {
    kind: "authorized_user",
    clientId: user.client_id,
    clientSecret: user.client_secret,
    refreshToken: user.refresh_token,
  };
}

/** A key file again, of what is kept alone: what Google's plugin reads. */
export function toKeyFile(key: ServiceAccountKey): string {
  return JSON.stringify({
    type: key.kind,
    project_id: key.projectId,
    private_key_id: key.privateKeyId,
    private_key: key.privateKey,
    client_email: key.clientEmail,
    token_uri: key.tokenUri,
  });
}

function readFile(file: string): Record<string, unknown> {
  if (file.length > mostCharacters)
    throw new CredentialsError("too_large", `This is too long for a key file. ${makeKey}`);
  try {
    return z.looseObject({}).parse(JSON.parse(file));
  } catch {
    // What JSON.parse says would show a part of the text.
    throw new CredentialsError("malformed", `This isn't a key file in JSON. ${makeKey}`);
  }
}

/** Types of Google's libraries, and why each isn't taken. */
const refused: Record<string, string> = {
  authorized_user: "It is a person's sign-in, which ends when they leave, and not a service account's key.",
  external_account: "It has another identity provider asked, at an address or by a program that it names.",
  external_account_authorized_user: "It is a person's sign-in by another identity provider.",
  impersonated_service_account:
    "It acts as another account than the one that it holds, at an address that it names.",
  gdch_service_account: "It is for Google Distributed Cloud and not for Google Cloud.",
};

function wrongType(type: unknown, instead: string): CredentialsError {
  const reason = typeof type === "string" && Object.hasOwn(refused, type) ? refused[type] : null;
  return new CredentialsError(
    "wrong_type",
    reason
      ? `Credentials of type ${String(type)} aren't taken. ${reason} ${instead}`
      : `It doesn't say that it is of a type that is taken. ${instead}`,
  );
}

function readServiceAccount(
  fields: Record<string, unknown>,
  { tokenUri = googleTokenUri }: CredentialsOptions,
): ServiceAccountKey {
  const key = check(serviceAccount, fields);
  checkUniverse(key.universe_domain);
  if (key.token_uri !== tokenUri)
    throw new CredentialsError(
      "foreign_endpoint",
      `Its token_uri isn't ${tokenUri}: then the signed request for a token would go to somebody else. ${makeKey}`,
    );
  if (!/^[a-z0-9][a-z0-9.-]{0,100}@[a-z0-9.-]{1,200}\.gserviceaccount\.com$/.test(key.client_email))
    throw new CredentialsError("bad_email", `Its client_email isn't a service account's address. ${makeKey}`);
  // Old projects are in a domain: example.com:project.
  if (!/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(key.project_id))
    throw new CredentialsError("bad_project", `Its project_id isn't a project's id. ${makeKey}`);
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(key.private_key_id))
    throw new CredentialsError("bad_key", `Its private_key_id isn't a key's id. ${makeKey}`);
  return {
    kind: "service_account",
    clientEmail: key.client_email,
    projectId: key.project_id,
    privateKeyId: key.private_key_id,
    privateKey: readKey(key.private_key),
    tokenUri,
  };
}

/** Google signs with RSA alone (RS256), and makes keys of 2048 bits. */
function readKey(pem: string): string {
  const broken = `Its private_key can't be read. Upload the file as Google made it, without a change. ${makeKey}`;
  let key;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new CredentialsError("bad_key", broken);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== "rsa" || bits < 2048)
    throw new CredentialsError(
      "bad_key",
      `Its private_key isn't an RSA key of 2048 bits or more. ${makeKey}`,
    );
  return key.export({ type: "pkcs8", format: "pem" });
}

function checkUniverse(domain: string | undefined): void {
  if (domain === undefined || domain === "googleapis.com") return;
  throw new CredentialsError(
    "foreign_universe",
    "Its universe_domain isn't googleapis.com: it is for another cloud that has Google's software. Use an account of Google Cloud.",
  );
}

/** Fields are named, values never: they may be secret. */
function check<T>(schema: z.ZodType<T>, fields: Record<string, unknown>): T {
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const [name = ""] = issue.keys;
    const shown = /^[a-z0-9_]{1,40}$/.test(name) ? `the field ${name}` : "a field";
    throw new CredentialsError(
      "unknown_field",
      `It has ${shown} that a key file of this type doesn't have. ${makeKey}`,
    );
  }
  throw new CredentialsError(
    "missing_field",
    `Its field ${String(issue?.path[0])} is missing, or isn't a text. ${makeKey}`,
  );
}
