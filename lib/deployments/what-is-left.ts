import type { OperationKind } from "#lib/operations/status.ts";

/** Resources as people call them, of an operation that didn't succeed. */
export type Existing = {
  made: string[];
  /** those that were being made when it ended */
  perhaps: string[];
};

// By these beginnings it is known again in a message.
const starts = {
  deleting: "What isn't deleted yet",
  answers: "Its endpoint still answers",
  unseen: "What exists couldn't be looked at",
  nothing: "Nothing of it was made",
  made: "This exists",
  perhaps: "This was being made",
} as const;

/**
 * What there is after an operation that didn't succeed, and what becomes of it, in a sentence or two: they end the
 * operation's message.
 *
 * @param exists null: it couldn't be looked at
 */
export function whatIsLeft(kind: OperationKind, stillAnswers: boolean, exists: Existing | null): string[] {
  if (kind === "destroy") return [`${starts.deleting} is deleted by tearing it down again.`];
  if (stillAnswers) return [`${starts.answers}, perhaps in part as before.`];
  if (!exists) return [`${starts.unseen}: a retry uses it, a tear-down deletes it.`];
  const { made, perhaps } = exists;
  if (made.length + perhaps.length === 0) return [`${starts.nothing}.`];
  return [
    ...(made.length > 0
      ? [`${starts.made} and is used by a retry, or goes with a tear-down: ${made.join(", ")}.`]
      : []),
    ...(perhaps.length > 0
      ? [`${starts.perhaps} and may exist; a retry or a tear-down finds out: ${perhaps.join(", ")}.`]
      : []),
  ];
}

const ending = new RegExp(`(?:^|\\s+)(?=(?:${Object.values(starts).join("|")})\\b)`);

/** A message without what `whatIsLeft` added to it, and that: empty where it added nothing. */
export function splitLeft(message: string): { said: string; left: string } {
  const found = ending.exec(message);
  if (!found) return { said: message, left: "" };
  return { said: message.slice(0, found.index), left: message.slice(found.index).trimStart() };
}
