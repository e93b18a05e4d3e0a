import { GoogleApiError } from "#e2e/cloud/stand-in/google-api-error.ts";
import type { TokenSource } from "#e2e/cloud/stand-in/token-source.ts";
import type { ProviderConfig } from "#e2e/cloud/stand-in/provider-config.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

/** Google's APIs as one who has credentials reaches them. */
export type Cloud = Pick<ProviderConfig, "endpoints" | "project" | "region" | "zone" | "isAttributed"> & {
  /** @throws GoogleApiError; Error if nobody answers or no token is given; the signal's reason */
  request(method: string, url: string, body: Fields | undefined, signal: AbortSignal): Promise<Fields>;
};

export function cloudOf(config: ProviderConfig, tokens: TokenSource): Cloud {
  return {
    ...config,
    async request(method, url, body, signal) {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await once(tokens, method, url, body, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (!mayPass(error)) throw inContext(error, method, url);
          await pause(Math.min(250 * 2 ** attempt, 5000), signal);
        }
      }
    },
  };
}

async function once(
  tokens: TokenSource,
  method: string,
  url: string,
  body: Fields | undefined,
  signal: AbortSignal,
): Promise<Fields> {
  const token = await tokens.token(signal);
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal,
  });
  const text = await response.text();
  if (!response.ok) throw new GoogleApiError(response.status, text);
  return text === "" ? {} : (JSON.parse(text) as Fields);
}

/** What the plugin tries again by itself: overload, failures of a server, cut connections, what another one works on. */
function mayPass(error: unknown): boolean {
  if (error instanceof GoogleApiError) {
    const { code, reason, message } = error;
    if ([429, 500, 502, 503].includes(code)) return !message.includes("The model of Google's APIs is broken");
    return code === 400 && (reason === "resourceNotReady" || message.includes("incompatible operation"));
  }
  const { cause } = error as { cause?: { code?: string } };
  return ["ECONNRESET", "UND_ERR_SOCKET", "EPIPE"].includes(cause?.code ?? "");
}

/** Go's client says what it was about to ask, where there was no answer. */
function inContext(error: unknown, method: string, url: string): unknown {
  if (error instanceof GoogleApiError) return error;
  const { message, cause } = error as Error;
  const why = cause instanceof Error ? cause.message : message;
  return new Error(`${method.charAt(0)}${method.slice(1).toLowerCase()} "${url}": ${why}`, { cause: error });
}

/** @throws the signal's reason */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
  signal.throwIfAborted();
}

/** What is there, or null where there is nothing of the kind. */
export async function find(cloud: Cloud, url: string, signal: AbortSignal): Promise<Fields | null> {
  try {
    return await cloud.request("GET", url, undefined, signal);
  } catch (error) {
    if (error instanceof GoogleApiError && error.code === 404) return null;
    throw error;
  }
}
