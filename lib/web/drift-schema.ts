import * as z from "zod";
import type { DriftView } from "#lib/deployments/drift.ts";
import { drift } from "#lib/targets/drift.ts";

export const driftView = drift.extend({ checking: z.boolean() }) satisfies z.ZodType<DriftView>;
