import type { RuntimeFailure } from "#infra/local-runtime/protocol.ts";

const marker = "sluice-failure:";

/**
 * The engine carries a provider's failure as text alone. So the runtime's answer rides in the last line as
 * JSON, where infra/engine/translate-errors.ts reads it back.
 */
export function failureText(failure: RuntimeFailure): string {
  return `${failure.message} ${marker}${Buffer.from(JSON.stringify(failure)).toString("base64url")}.`;
}

/** Finds a failure written by `failureText` anywhere in the engine's words; `null` if there is none. */
export function readFailure(text: string): RuntimeFailure | null {
  const found = new RegExp(`${marker}([\\w-]+)\\.`).exec(text)?.[1];
  if (!found) return null;
  return JSON.parse(Buffer.from(found, "base64url").toString("utf8")) as RuntimeFailure;
}

/** The engine's words without what only machines read. */
export function withoutFailure(text: string): string {
  return text.replaceAll(new RegExp(` ?${marker}[\\w-]+\\.`, "g"), "");
}
