import * as z from "zod";

/** One resource that isn't as it was declared. */
export const driftItem = z.object({
  type: z.string(),
  name: z.string(),
  /** it isn't there any more */
  gone: z.boolean(),
  /** a sentence for a person: what of it was changed by hand; no value that is secret */
  what: z.string(),
});
export type DriftItem = z.infer<typeof driftItem>;

/** What looks at a deployment found: exactly what is stored in `deployment.drift`. */
export const drift = z.object({
  /** when it was last seen; null: it couldn't be yet */
  checkedAt: z.iso.datetime().nullable(),
  /** empty: all is as it was declared */
  items: z.array(driftItem),
  /** why the newest look saw nothing; null: it did */
  trouble: z.object({ at: z.iso.datetime(), message: z.string() }).nullable(),
});
export type Drift = z.infer<typeof drift>;

/** @returns null where nobody has looked since the last change */
export function readDrift(stored: unknown): Drift | null {
  return stored === null || stored === undefined ? null : drift.parse(stored);
}
