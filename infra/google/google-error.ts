/** What an API says of an error besides its words (google.rpc.ErrorInfo). */
export type ErrorInfo = { reason: string; metadata: Record<string, string> };

/**
 * An API said no, or an operation of it ended in an error. `status` is HTTP's; `reason` is Google's short word for it,
 * such as `notFound` or `QUOTA_EXCEEDED`.
 */
export class GoogleError extends Error {
  override readonly name = "GoogleError";
  readonly status: number;
  readonly reason: string;
  readonly info: ErrorInfo | null;

  constructor(status: number, reason: string, message: string, info: ErrorInfo | null = null) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.info = info;
  }
}

/** An API of Google's wasn't reached, or didn't answer in time. */
export class GoogleUnreachable extends Error {
  override readonly name = "GoogleUnreachable";
}

/** Why no access token is to be had. Stable. */
export const tokenProblems = [
  "key_refused",
  "clock_skew",
  "account_gone",
  "account_disabled",
  "sign_in_over",
  "no_metadata",
  "token_refused",
] as const;
export type TokenProblem = (typeof tokenProblems)[number];

/** Credentials that Google gives no token for. The message has nothing secret in it; `todo` says what to do. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  readonly code: TokenProblem;
  readonly todo: string;

  constructor(code: TokenProblem, message: string, todo: string) {
    super(message);
    this.code = code;
    this.todo = todo;
  }
}

type Body = {
  code?: number;
  message?: string;
  status?: string;
  errors?: { reason?: string }[];
  details?: { "@type"?: string; reason?: string; metadata?: Record<string, string> }[];
};

/**
 * Reads the body of an API's refusal.
 *
 * @param secret what must not get into the message, should the API repeat it
 */
export function refusalOf(status: number, text: string, secret: string): GoogleError {
  const { message, status: canonical, errors, details } = readBody(text);
  const info = details?.find((each) => each["@type"]?.endsWith("google.rpc.ErrorInfo"));
  const reason = errors?.[0]?.reason ?? canonical ?? info?.reason ?? "";
  const words = (message ?? `Google answered ${status}.`).slice(0, 2000);
  return new GoogleError(
    status,
    reason,
    secret === "" ? words : words.replaceAll(secret, "…"),
    info ? { reason: info.reason ?? "", metadata: info.metadata ?? {} } : null,
  );
}

function readBody(text: string): Body {
  try {
    const { error } = JSON.parse(text) as { error?: Body | string };
    return typeof error === "object" ? error : {};
  } catch {
    return {};
  }
}
