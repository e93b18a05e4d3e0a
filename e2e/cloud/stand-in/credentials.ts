import { readFileSync } from "node:fs";
import path from "node:path";
import { isLoopback } from "#e2e/cloud/stand-in/is-loopback.ts";
import { isObject } from "#e2e/cloud/stand-in/values.ts";

/** Whom this process speaks for at Google. */
export type Credentials =
  | { kind: "token"; token: string }
  | { kind: "service_account"; email: string; privateKey: string; keyId: string; tokenUri: string }
  | {
      kind: "authorized_user";
      clientId: string;
      clientSecret: string;
      refreshToken: string;
      tokenUri: string;
    }
  /** the metadata server of the machine, as `host:port` */
  | { kind: "metadata"; host: string };

type Given = { accessToken?: unknown; credentials?: unknown };
type Environment = Readonly<Record<string, string | undefined>>;

const keyVariables = ["GOOGLE_CREDENTIALS", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON"];

/**
 * Finds credentials in the plugin's order: its own arguments; without any, the variables that name a key, then the one
 * with a token; then what Google's libraries look for (the file of GOOGLE_APPLICATION_CREDENTIALS, gcloud's own, the
 * metadata server). A token wins over a key of the same place.
 *
 * @throws Error if there are none, or they lead to another host than this machine
 */
export function findCredentials(given: Given, environment: Environment): Credentials {
  let { accessToken, credentials } = given;
  if (!accessToken && !credentials) {
    credentials = keyVariables.map((name) => environment[name]).find(Boolean);
    accessToken = environment.GOOGLE_OAUTH_ACCESS_TOKEN;
  }
  if (typeof accessToken === "string" && accessToken !== "") return { kind: "token", token: accessToken };
  if (typeof credentials === "string" && credentials !== "") return parseKey(contentOf(credentials));
  return applicationDefault(environment);
}

/** A key's text, or the name of its file. */
function contentOf(text: string): string {
  if (text.trimStart().startsWith("{")) return text;
  try {
    return readFileSync(text, "utf8");
  } catch {
    throw new Error("JSON credentials are not valid: neither a key's text nor the name of its file");
  }
}

function applicationDefault(environment: Environment): Credentials {
  const { GOOGLE_APPLICATION_CREDENTIALS: named, HOME, GCE_METADATA_HOST: host } = environment;
  if (named) return parseKey(readFileSync(named, "utf8"));
  const known = path.join(HOME ?? "/", ".config/gcloud/application_default_credentials.json");
  try {
    return parseKey(readFileSync(known, "utf8"));
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOENT") throw error;
  }
  if (!host) throw new Error("google: could not find default credentials");
  if (!isLoopback(`http://${host}`)) throw new Error(away("the metadata server", host));
  return { kind: "metadata", host };
}

function parseKey(text: string): Credentials {
  const key = parsed(text);
  const field = (name: string): string => {
    const value = key[name];
    if (typeof value !== "string" || value === "") throw new Error(`credentials: ${name} is missing`);
    return value;
  };
  if (key.type !== "service_account" && key.type !== "authorized_user") {
    throw new Error(`credentials of the type ${JSON.stringify(key.type)} are unknown to this stand-in`);
  }
  // The libraries have Google's own endpoint where a file says none.
  const tokenUri = key.token_uri === undefined ? "https://oauth2.googleapis.com/token" : field("token_uri");
  if (!isLoopback(tokenUri)) throw new Error(away("the token endpoint", tokenUri));
  if (key.type === "service_account") {
    const [email, privateKey] = [field("client_email"), field("private_key")];
    return { kind: "service_account", email, privateKey, keyId: field("private_key_id"), tokenUri };
  }
  const [clientId, clientSecret] = [field("client_id"), field("client_secret")];
  return {
    kind: "authorized_user",
    clientId,
    clientSecret,
    refreshToken: field("refresh_token"),
    tokenUri,
  };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // What JSON.parse says would show a part of the text.
  }
  throw new Error("JSON credentials are not valid: this isn't a key in JSON");
}

const away = (what: string, where: string) =>
  `${what} is ${where}: this stand-in speaks to this machine alone, never to Google`;
