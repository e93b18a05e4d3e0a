import { createSign } from "node:crypto";
import type { GoogleEndpoints } from "#infra/google/endpoints.ts";
import { GoogleUnreachable, TokenError } from "#infra/google/google-error.ts";
import { send } from "#infra/google/send.ts";
import { tokenRefusal } from "#infra/google/token-refusal.ts";
import { systemClock, type Clock } from "#lib/clock.ts";
import type { ServiceAccountKey, WorkerCredentials } from "#lib/targets/gke/credentials.ts";

/** An access token, and when it is over. */
export type AccessToken = { value: string; expires: Date };

/** Where the access tokens of one account come from. */
export type TokenSource = {
  /** One that lives for a while. @throws TokenError or GoogleUnreachable; the signal's own reason */
  token(signal?: AbortSignal): Promise<AccessToken>;
  /** Forgets a token that was refused, so that the next one is new. */
  drop(value: string): void;
  /** The account's address; null where Google doesn't say it. @throws as `token` */
  identity(signal?: AbortSignal): Promise<string | null>;
};

const scope = "https://www.googleapis.com/auth/cloud-platform";
const timeoutMs = 15_000;
/** A token isn't used in its last minutes, so that what begins with it can end with it. */
const marginMs = 5 * 60_000;

/** Makes access tokens of credentials, and keeps each until shortly before its end. */
export function tokenSource(
  credentials: WorkerCredentials,
  { endpoints, clock = systemClock }: { endpoints: GoogleEndpoints; clock?: Clock },
): TokenSource {
  let held: { token: AccessToken; until: number } | null = null;
  let coming: Promise<AccessToken> | null = null;

  const mint = async () => {
    const asked = clock.now().getTime();
    const { value, seconds } = await grant(credentials, endpoints, clock);
    const lifeMs = seconds * 1000;
    const token = { value, expires: new Date(asked + lifeMs) };
    held = { token, until: asked + lifeMs - Math.min(marginMs, lifeMs / 2) };
    return token;
  };
  // Whoever asks meanwhile waits for the same one; that one of them gives up doesn't end it for the others.
  const token = async (signal?: AbortSignal) => {
    signal?.throwIfAborted();
    if (held && clock.now().getTime() < held.until) return held.token;
    coming ??= mint().finally(() => (coming = null));
    return unlessAborted(coming, signal);
  };
  return {
    token,
    drop: (value) => {
      if (held?.token.value === value) held = null;
    },
    identity: async (signal) => {
      if (credentials.kind === "service_account") return credentials.clientEmail;
      if (credentials.kind === "metadata") return metadataText(endpoints, "email", signal);
      return identityOf(await token(signal), endpoints, signal);
    },
  };
}

type Granted = { value: string; seconds: number };

async function grant(
  credentials: WorkerCredentials,
  endpoints: GoogleEndpoints,
  clock: Clock,
): Promise<Granted> {
  switch (credentials.kind) {
    case "service_account":
      return exchange(endpoints, {
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion: assertionOf(credentials, endpoints, clock),
      });
    case "authorized_user":
      return exchange(endpoints, {
        grant_type: "refresh_token",
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        refresh_token: credentials.refreshToken,
      });
    case "metadata":
      return readGrant(parse(await metadataText(endpoints, "token")));
  }
}

/** A JWT that says who asks for an hour's token, signed by the key (RFC 7523). */
function assertionOf(key: ServiceAccountKey, { token: audience }: GoogleEndpoints, clock: Clock): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(clock.now().getTime() / 1000);
  const head = part({ alg: "RS256", typ: "JWT", kid: key.privateKeyId });
  const claims = part({ iss: key.clientEmail, aud: audience, scope, iat: now, exp: now + 3600 });
  const signature = createSign("RSA-SHA256").update(`${head}.${claims}`).sign(key.privateKey, "base64url");
  return `${head}.${claims}.${signature}`;
}

async function exchange({ token }: GoogleEndpoints, form: Record<string, string>): Promise<Granted> {
  const answer = await send(token, "Google's token endpoint", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
    timeoutMs,
  });
  if (answer.status !== 200) throw tokenRefusal(answer);
  return readGrant(parse(answer.text));
}

/** Asks the machine's own metadata server about the account that it runs as. */
async function metadataText(
  { metadata }: GoogleEndpoints,
  what: "token" | "email",
  signal?: AbortSignal,
): Promise<string> {
  const asked = send(`${metadata}instance/service-accounts/default/${what}`, "The metadata server", {
    method: "GET",
    headers: { "metadata-flavor": "Google" },
    timeoutMs: 3_000,
    signal,
  });
  const answer = await asked.catch((error: unknown) => {
    throw error instanceof GoogleUnreachable ? noMetadata(error) : error;
  });
  // Whoever else answers at that name isn't Google's.
  if (answer.status !== 200 || answer.headers.get("metadata-flavor") !== "Google") throw noMetadata();
  return answer.text.trim();
}

function noMetadata(cause?: Error): TokenError {
  const error = new TokenError(
    "no_metadata",
    "The worker's machine has no credentials of its own for Google: its metadata server doesn't answer, so it isn't one of Google's machines with a service account.",
    "Upload a service account's key, or sign in where the worker runs: gcloud auth application-default login.",
  );
  error.cause = cause;
  return error;
}

async function identityOf(
  token: AccessToken,
  { tokenInfo }: GoogleEndpoints,
  signal?: AbortSignal,
): Promise<string | null> {
  const url = `${tokenInfo}?access_token=${encodeURIComponent(token.value)}`;
  const answer = await send(url, "Google's token endpoint", {
    method: "GET",
    headers: {},
    timeoutMs,
    signal,
  });
  const { email } = (answer.status === 200 ? (parse(answer.text) ?? {}) : {}) as { email?: unknown };
  return typeof email === "string" ? email : null;
}

function readGrant(answer: unknown): Granted {
  const { access_token: value, expires_in: seconds } = (answer ?? {}) as Record<string, unknown>;
  if (typeof value === "string" && value !== "" && typeof seconds === "number" && seconds > 0)
    return { value, seconds };
  throw new TokenError(
    "token_refused",
    "Google's token endpoint answers, but not with an access token.",
    "See whether something between this machine and Google answers in its place.",
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function unlessAborted<T>(coming: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return coming;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  return Promise.race([coming, promise]).finally(() => signal.removeEventListener("abort", abort));
}
