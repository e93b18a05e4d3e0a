import * as z from "zod";
import { spec } from "#lib/deployments/spec.ts";
import type { PlannedChange } from "#lib/targets/plan.ts";

/** What the worker needs to know for a preview. No secret: the spec has only ids of them, and new ones are made up. */
export const previewJobInput = z.object({
  /** of a new deployment: an id that it might have */
  deploymentId: z.string(),
  isNew: z.boolean(),
  targetId: z.string(),
  spec,
});
export type PreviewJobInput = z.infer<typeof previewJobInput>;

/** What the engine says that would happen. */
export type PreviewJobResult = {
  engine: "preview";
  /** `reason`: why it can't be changed in place, for a replacement */
  changes: (PlannedChange & { reason?: string })[];
};
