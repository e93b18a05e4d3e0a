import type { PreviewJobResult } from "#lib/deployments/preview-job.ts";

type Step = Pick<PreviewJobResult["changes"][number], "fields" | "reason" | "summary">;

/**
 * What is said of one step beside its name: what of it changes, and what it will be. The engine names fields such as
 * `spec`, which don't say that a model gets another image; the summary does.
 */
export function stepWords({ fields, reason, summary }: Step): string[] {
  return [reason ?? fields.join(", "), summary].filter(Boolean);
}
