import { createSign } from "node:crypto";
import type { Credentials } from "#e2e/cloud/stand-in/credentials.ts";
import type { Clock } from "#lib/clock.ts";

export type TokenSource = {
  /** One that is good for the next request; a new one where the last is about to end. */
  token(signal: AbortSignal): Promise<string>;
};

/** A token that ends within this is none any more (the same in Google's library for Go). */
const marginMs = 10_000;

const scope = "https://www.googleapis.com/auth/cloud-platform https://www.googleapis.com/auth/userinfo.email";

export function tokenSource(credentials: Credentials, clock: Clock): TokenSource {
  if (credentials.kind === "token") return { token: () => Promise.resolve(credentials.token) };
  let last: { token: string; expires: number } | null = null;
  let asking: Promise<string> | null = null;
  const ask = async (signal: AbortSignal): Promise<string> => {
    const { access_token, expires_in } = await granted(credentials, clock, signal);
    last = { token: access_token, expires: clock.now().getTime() + expires_in * 1000 };
    return access_token;
  };
  return {
    token(signal) {
      if (last && last.expires - marginMs > clock.now().getTime()) return Promise.resolve(last.token);
      // Requests at the same time share one.
      asking ??= ask(signal).finally(() => (asking = null));
      return asking;
    },
  };
}

type Grant = { access_token: string; expires_in: number };

function granted(
  credentials: Exclude<Credentials, { kind: "token" }>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Grant> {
  switch (credentials.kind) {
    case "metadata": {
      const url = `http://${credentials.host}/computeMetadata/v1/instance/service-accounts/default/token`;
      return fetchGrant(url, { headers: { "metadata-flavor": "Google" }, signal });
    }
    case "service_account":
      return fetchGrant(credentials.tokenUri, {
        ...form({
          grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
          assertion: assertion(credentials, clock),
        }),
        signal,
      });
    case "authorized_user":
      return fetchGrant(credentials.tokenUri, {
        ...form({
          grant_type: "refresh_token",
          client_id: credentials.clientId,
          client_secret: credentials.clientSecret,
          refresh_token: credentials.refreshToken,
        }),
        signal,
      });
  }
}

const form = (fields: Record<string, string>): RequestInit => ({
  method: "POST",
  body: new URLSearchParams(fields),
});

/** @throws Error with the endpoint's words; no token of this machine is in them */
async function fetchGrant(url: string, init: RequestInit): Promise<Grant> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) {
    throw new Error(
      `oauth2: cannot fetch token: ${response.status} ${response.statusText}\nResponse: ${text}`,
    );
  }
  return JSON.parse(text) as Grant;
}

function assertion(
  { email, privateKey, keyId, tokenUri }: Extract<Credentials, { kind: "service_account" }>,
  clock: Clock,
): string {
  const now = Math.floor(clock.now().getTime() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: email, scope, aud: tokenUri, iat: now, exp: now + 3600 };
  const signed = `${part({ alg: "RS256", typ: "JWT", kid: keyId })}.${part(claims)}`;
  const signature = createSign("RSA-SHA256").update(signed).sign(privateKey);
  return `${signed}.${signature.toString("base64url")}`;
}
