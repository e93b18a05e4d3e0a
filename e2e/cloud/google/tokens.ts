import { createPublicKey, generateKeyPairSync, randomBytes, verify, type KeyObject } from "node:crypto";
import type { Clock } from "#lib/clock.ts";

/** Who a token speaks for. */
export type Account = { email: string };

/** A key file as Google gives it to a person. */
export type ServiceAccountKey = {
  type: "service_account";
  project_id: string;
  private_key_id: string;
  private_key: string;
  client_email: string;
  client_id: string;
  auth_uri: string;
  token_uri: string;
  universe_domain: string;
};

/** Credentials of a person, as their tool keeps them. */
export type AuthorizedUser = {
  type: "authorized_user";
  client_id: string;
  client_secret: string;
  refresh_token: string;
  universe_domain: string;
};

type Answer = { status: number; body: object };
const refused = (error: string, error_description: string): Answer => ({
  status: 400,
  body: { error, error_description },
});

/** Issues access tokens and knows whose they are. */
export class Tokens {
  #clock: Clock;
  #url: () => string;
  #keys = new Map<string, { email: string; key: KeyObject }>();
  #users = new Map<string, { email: string; user: AuthorizedUser }>();
  #issued = new Map<string, { account: Account; expires: number }>();
  #lives = new Map<string, number>();
  /** How long a token lives, unless its account's have a life of their own. */
  lifetimeSeconds = 3600;

  /** @param url where this server is reached */
  constructor(clock: Clock, url: () => string) {
    this.#clock = clock;
    this.#url = url;
  }

  /** Makes a service account's key, of which only the public half stays here. */
  addServiceAccountKey(email: string, project: string): ServiceAccountKey {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const private_key = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const private_key_id = randomBytes(20).toString("hex");
    this.#keys.set(private_key_id, {
      email,
      key: createPublicKey(pair.publicKey.export({ type: "spki", format: "pem" })),
    });
    return {
      type: "service_account",
      project_id: project,
      private_key_id,
      private_key,
      client_email: email,
      client_id: "100000000000000000001",
      auth_uri: "https://accounts.google.com/o/oauth2/auth",
      token_uri: `${this.#url()}/token`,
      universe_domain: "googleapis.com",
    };
  }

  /** Takes a key away, as a person does who deletes it in the console. */
  removeServiceAccountKey(privateKeyId: string): void {
    this.#keys.delete(privateKeyId);
  }

  addAuthorizedUser(email: string): AuthorizedUser {
    const user: AuthorizedUser = {
      type: "authorized_user",
      client_id: `${randomBytes(6).toString("hex")}.apps.googleusercontent.com`,
      client_secret: randomBytes(12).toString("base64url"),
      refresh_token: `1//${randomBytes(24).toString("base64url")}`,
      universe_domain: "googleapis.com",
    };
    this.#users.set(user.refresh_token, { email, user });
    return user;
  }

  /** How long an account's tokens live that are given out from now on, in seconds. */
  setLife(email: string, seconds: number): void {
    this.#lives.set(email, seconds);
  }

  #lifeOf(email: string): number {
    return this.#lives.get(email) ?? this.lifetimeSeconds;
  }

  /** A token without the way to it, for a test that isn't about that. */
  issue(email: string): string {
    const token = `ya29.${randomBytes(24).toString("base64url")}`;
    this.#issued.set(token, {
      account: { email },
      expires: this.#clock.now().getTime() + this.#lifeOf(email) * 1000,
    });
    return token;
  }

  /** Whose token it is, or null where it is missing, foreign or expired. */
  accountOf(token: string | undefined): Account | null {
    const issued = token === undefined ? undefined : this.#issued.get(token);
    return issued && issued.expires > this.#clock.now().getTime() ? issued.account : null;
  }

  /** What a token says of itself (the path `tokeninfo`). */
  info(token: string): Answer {
    const account = this.accountOf(token);
    if (!account) return refused("invalid_token", "Invalid Value");
    const expires = this.#issued.get(token)?.expires ?? 0;
    const expires_in = String(Math.floor((expires - this.#clock.now().getTime()) / 1000));
    const scope = "https://www.googleapis.com/auth/cloud-platform";
    return { status: 200, body: { email: account.email, email_verified: "true", expires_in, scope } };
  }

  /** An answer with a new token, as the token endpoint and the metadata server give it. */
  granted(email: string): Answer {
    const access_token = this.issue(email);
    return { status: 200, body: { access_token, expires_in: this.#lifeOf(email), token_type: "Bearer" } };
  }

  /** The token endpoint. @param form of the request's body */
  grant(form: URLSearchParams): Answer {
    switch (form.get("grant_type")) {
      case "urn:ietf:params:oauth:grant-type:jwt-bearer":
        return this.#grantJwt(form.get("assertion") ?? "");
      case "refresh_token":
        return this.#grantRefresh(form);
      default:
        return refused("unsupported_grant_type", "Invalid grant_type: " + (form.get("grant_type") ?? ""));
    }
  }

  #grantJwt(assertion: string): Answer {
    const [header = "", payload = "", signature = ""] = assertion.split(".");
    const head = decodePart(header);
    const claims = decodePart(payload);
    if (!head || !claims) return refused("invalid_request", "Bad Request");
    if (head.alg !== "RS256") return refused("invalid_grant", "Invalid JWT: the algorithm must be RS256.");
    const registered = this.#keyFor(head.kid, claims.iss);
    if (!registered) return refused("invalid_grant", "Invalid grant: account not found");
    const signed = Buffer.from(`${header}.${payload}`);
    if (!verify("RSA-SHA256", signed, registered.key, Buffer.from(signature, "base64url"))) {
      return refused("invalid_grant", "Invalid JWT Signature.");
    }
    const problem = this.#problemOf(claims);
    return problem ? refused("invalid_grant", problem) : this.granted(registered.email);
  }

  #keyFor(kid: unknown, issuer: unknown) {
    const byId = typeof kid === "string" ? this.#keys.get(kid) : undefined;
    if (byId) return byId.email === issuer ? byId : undefined;
    return kid === undefined ? [...this.#keys.values()].find(({ email }) => email === issuer) : undefined;
  }

  #problemOf(claims: Record<string, unknown>): string | null {
    const now = this.#clock.now().getTime() / 1000;
    const [issued, expires] = [Number(claims.iat), Number(claims.exp)];
    const reasonable =
      "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.";
    if (!(issued <= now + 300 && expires > now && expires - issued <= 3600)) return reasonable;
    const audiences = [`${this.#url()}/token`, "https://oauth2.googleapis.com/token"];
    if (!audiences.includes(String(claims.aud))) return "Invalid JWT: Failed audience check.";
    return typeof claims.scope === "string" && claims.scope !== ""
      ? null
      : "Invalid OAuth scope or ID token audience provided.";
  }

  #grantRefresh(form: URLSearchParams): Answer {
    const known = this.#users.get(form.get("refresh_token") ?? "");
    if (!known) return refused("invalid_grant", "Token has been expired or revoked.");
    const { client_id, client_secret } = known.user;
    if (form.get("client_id") !== client_id || form.get("client_secret") !== client_secret) {
      return { status: 401, body: { error: "invalid_client", error_description: "Unauthorized" } };
    }
    return this.granted(known.email);
  }
}

function decodePart(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
