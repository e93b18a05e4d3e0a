import * as z from "zod";

/** How far Google's own figures of a deployment were read. */
export const measured = z.object({
  /** the figures are whole up to then; null: none were read yet */
  until: z.iso.datetime().nullable(),
  /** why no more is read, with what to do; null: nothing is the matter */
  trouble: z.string().nullable(),
});
export type Measured = z.infer<typeof measured>;

/** @throws ZodError if what is stored isn't one */
export function readMeasured(stored: unknown): Measured | null {
  return stored === null || stored === undefined ? null : measured.parse(stored);
}

/** What to say beside figures that are Google's. */
export function measuredWords({ until, trouble }: Measured, now: Date): string {
  if (until === null)
    return trouble ?? "Measured by Google, which tells of requests about five minutes after them: none yet.";
  const minutes = Math.max(1, Math.round((now.getTime() - Date.parse(until)) / 60_000));
  const late = `Measured by Google, ${minutes} ${minutes === 1 ? "minute" : "minutes"} late.`;
  return trouble === null ? late : `${late} ${trouble}`;
}
