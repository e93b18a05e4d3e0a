import * as z from "zod";
import { failureCodes } from "#lib/deployments/status.ts";
import { stages } from "#lib/operations/stages.ts";
import { operationStatuses } from "#lib/operations/status.ts";

const resourceRef = z.object({ type: z.string(), name: z.string() });
const change = z.enum(["create", "update", "replace", "delete", "same"]);

/** What one row of operation_event says. The timeline in the browser is these rows and nothing else. */
export const operationEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("stage_started"), stage: z.enum(stages) }),
  z.object({
    kind: z.literal("stage_ended"),
    stage: z.enum(stages),
    ok: z.boolean(),
    durationMs: z.number().nonnegative(),
  }),
  /** The list that the program declared: the progress bar's denominator. */
  z.object({ kind: z.literal("planned"), resources: z.array(resourceRef.extend({ change })) }),
  z.object({ kind: z.literal("resource_started"), resource: resourceRef, change }),
  z.object({
    kind: z.literal("resource_ended"),
    resource: resourceRef,
    change,
    ok: z.boolean(),
    durationMs: z.number().nonnegative(),
  }),
  z.object({
    kind: z.literal("log"),
    level: z.enum(["debug", "info", "warning", "error"]),
    source: z.enum(["engine", "runtime", "worker"]),
    text: z.string(),
  }),
  z.object({ kind: z.literal("cancel_requested"), by: z.string() }),
  z.object({
    kind: z.literal("ended"),
    status: z.enum(operationStatuses),
    code: z.enum(failureCodes).nullable(),
    message: z.string().nullable(),
  }),
]);

export type OperationEvent = z.infer<typeof operationEvent>;
export type ResourceRef = z.infer<typeof resourceRef>;
export type Change = z.infer<typeof change>;

/** An event as readers get it; `seq` counts from 1 without gaps within the operation. */
export type RecordedEvent = OperationEvent & { seq: number; at: string; attempt: number };
