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

/** What a look at a deployment found: exactly what is stored in `deployment.drift`. */
export const drift = z.object({
  checkedAt: z.iso.datetime(),
  items: z.array(driftItem),
  /** why it couldn't be looked; null: it was */
  trouble: z.string().nullable(),
});
export type Drift = z.infer<typeof drift>;
