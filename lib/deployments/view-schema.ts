import * as z from "zod";
import type { ApiKeyView } from "#lib/auth/api-keys.ts";
import type { EndpointKeyView } from "#lib/deployments/endpoint-keys.ts";
import type { DeploymentPage } from "#lib/deployments/list.ts";
import type { Preview } from "#lib/deployments/preview.ts";
import { spec, targetNames } from "#lib/deployments/spec.ts";
import { deploymentStatuses, failureCodes } from "#lib/deployments/status.ts";
import type { DeploymentView, OperationView, Receipt, SpecView } from "#lib/deployments/view.ts";
import { operationEvent, type RecordedEvent } from "#lib/operations/events.ts";
import { operationKinds, operationStatuses } from "#lib/operations/status.ts";

/**
 * What the REST API answers, as schemas: for OpenAPI, and for the tests that hold answers to them. The types
 * of `view.ts` come first; a schema that says something else doesn't compile (`satisfies`).
 */

const time = z.string().meta({ format: "date-time" });
const failureCode = z.enum(failureCodes);

export const endpointView = z.object({
  url: z.string(),
  ip: z.string(),
  port: z.int(),
  access: z.enum(["private", "open"]),
});

export const specView = spec.omit({ env: true }).extend({
  env: z.array(
    z.union([
      z.strictObject({ name: z.string(), value: z.string() }),
      z.strictObject({ name: z.string(), secret: z.literal(true) }),
    ]),
  ),
}) satisfies z.ZodType<SpecView>;

export const operationView = z.object({
  id: z.string(),
  deploymentId: z.string(),
  kind: z.enum(operationKinds),
  status: z.enum(operationStatuses),
  attempt: z.int(),
  revision: z.int(),
  errorCode: failureCode.nullable(),
  errorMessage: z.string().nullable(),
  cancelRequested: z.boolean(),
  plan: z.array(z.object({ type: z.string(), name: z.string(), summary: z.string() })).nullable(),
  lastSeq: z.int(),
  by: z.string(),
  queuedAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
}) satisfies z.ZodType<OperationView>;

const receiptEntry = z.object({ type: z.string(), name: z.string(), at: time });

export const receipt = z.object({
  created: z.array(receiptEntry),
  deleted: z.array(receiptEntry),
  remaining: z.array(z.object({ kind: z.enum(["process", "port", "file", "state"]), what: z.string() })),
  checkedAt: time,
}) satisfies z.ZodType<Receipt>;

export const deploymentView = z.object({
  id: z.string(),
  name: z.string(),
  target: z.enum(targetNames),
  owner: z.object({ id: z.string(), name: z.string() }),
  status: z.enum(deploymentStatuses),
  statusCode: failureCode.nullable(),
  statusMessage: z.string().nullable(),
  endpoint: endpointView.nullable(),
  replicas: z.object({ desired: z.int(), ready: z.int() }),
  models: z.array(z.string()),
  spec: specView,
  revision: z.int(),
  operation: operationView,
  traffic: z.object({
    requestsPerSecond: z.number().nullable(),
    errorRate: z.number().nullable(),
    requests: z.int(),
    errors: z.int(),
    sparkline: z.array(z.number()),
  }),
  receipt: receipt.nullable(),
  createdAt: time,
  readyAt: time.nullable(),
  expiresAt: time.nullable(),
  destroyedAt: time.nullable(),
}) satisfies z.ZodType<DeploymentView>;

export const deploymentPage = z.object({
  items: z.array(deploymentView),
  nextCursor: z.string().nullable(),
  total: z.int(),
}) satisfies z.ZodType<DeploymentPage>;

export const preview = z.object({
  spec: specView,
  changes: z.array(
    z.object({
      type: z.string(),
      name: z.string(),
      change: z.enum(["create", "update", "replace", "delete", "same"]),
      summary: z.string(),
      fields: z.array(z.string()),
    }),
  ),
}) satisfies z.ZodType<Preview>;

export const recordedEvent = z.intersection(
  operationEvent,
  z.object({ seq: z.int(), at: time, attempt: z.int() }),
) satisfies z.ZodType<RecordedEvent>;

export const endpointKeyView = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  createdAt: time,
  revokedAt: time.nullable(),
}) satisfies z.ZodType<EndpointKeyView>;

export const apiKeyView = endpointKeyView.extend({
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable(),
}) satisfies z.ZodType<ApiKeyView>;

/** The key itself is in this answer and never again. */
export function newKey<T extends z.ZodObject>(view: T) {
  return view.extend({ key: z.string() });
}

export function itemsOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item) });
}

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })),
});
