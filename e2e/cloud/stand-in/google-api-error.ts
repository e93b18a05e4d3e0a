import { isObject } from "#e2e/cloud/stand-in/values.ts";

type Detail = { reason?: string; message?: string };

/** A refusal of Google's, in the words that its client for Go, and so the plugin, gives it. */
export class GoogleApiError extends Error {
  override readonly name = "GoogleApiError";
  readonly code: number;
  /** Such as `alreadyExists`; empty where the answer has none. */
  readonly reason: string;

  constructor(code: number, body: string) {
    const { message = "", errors = [], details = [] } = parsed(body);
    super(words(code, body, message, errors, details));
    this.code = code;
    this.reason = errors[0]?.reason ?? "";
  }
}

function parsed(body: string): { message?: string; errors?: Detail[]; details?: unknown[] } {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) && isObject(value.error) ? value.error : {};
  } catch {
    return {};
  }
}

function words(code: number, body: string, message: string, errors: Detail[], details: unknown[]): string {
  if (message === "" && errors.length === 0) {
    return `googleapi: got HTTP response code ${code} with body: ${body}`;
  }
  const more = details.length > 0 ? `\nDetails:\n${JSON.stringify(details, null, 2)}\n` : "";
  const said = `googleapi: Error ${code}: ${message}${more}`;
  const [only] = errors;
  if (errors.length === 1 && only?.message === message) return `${said}, ${only.reason}`;
  const list = errors.map(({ reason, message: why }) => `Reason: ${reason}, Message: ${why}\n`);
  return errors.length === 0 ? said.trim() : `${said}\nMore details:\n${list.join("")}`;
}
