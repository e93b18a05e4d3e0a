import * as z from "zod";
import type { ApiKeyView } from "#lib/auth/api-keys.ts";
import type { InvitationView, PeoplePage, PersonView } from "#lib/auth/people.ts";
import { domainState } from "#lib/deployments/domain-state.ts";
import type { CallAnswer } from "#lib/deployments/call-endpoint.ts";
import type { EndpointKeyView } from "#lib/deployments/endpoint-keys.ts";
import type { DeploymentPage } from "#lib/deployments/list.ts";
import type { Preview } from "#lib/deployments/preview.ts";
import { spec, targetNames } from "#lib/deployments/spec.ts";
import { deploymentStatuses, failureCodes } from "#lib/deployments/status.ts";
import type {
  DeploymentView,
  EndpointView,
  OperationView,
  Receipt,
  SpecView,
} from "#lib/deployments/view.ts";
import type { Preset } from "#lib/models/catalogue.ts";
import { operationEvent, type RecordedEvent } from "#lib/operations/events.ts";
import { operationKinds, operationStatuses } from "#lib/operations/status.ts";
import type { LogLineView } from "#lib/replicas/list-log-lines.ts";
import type { ScaleStepView } from "#lib/replicas/list-scale-steps.ts";
import { replicaStates, type ReplicaView } from "#lib/replicas/list.ts";
import type { CertificateView } from "#lib/tls/read-certificate.ts";
import type { RequestView } from "#lib/traffic/list-requests.ts";
import { measured } from "#lib/traffic/measured.ts";
import type { SampleView } from "#lib/traffic/list-samples.ts";

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
  certificate: z.string().nullish(),
}) satisfies z.ZodType<EndpointView>;

const certificateView = z.object({
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  validFrom: time,
  expiresAt: time,
  fingerprint: z.string(),
  pem: z.string(),
}) satisfies z.ZodType<CertificateView>;

export const specView = spec.omit({ env: true, endpoint: true, pullSecret: true }).extend({
  pullSecret: z.strictObject({ registry: z.string(), username: z.string() }).nullable(),
  endpoint: spec.shape.endpoint.omit({ tls: true }).extend({
    tls: z.object({
      mode: z.enum(["none", "self-signed", "given"]),
      certificate: certificateView.nullable(),
    }),
  }),
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
  remaining: z.array(
    z.object({ kind: z.enum(["process", "port", "file", "state", "object"]), what: z.string() }),
  ),
  ended: z
    .array(z.object({ kind: z.enum(["process", "port", "object", "key"]), what: z.string() }))
    .optional(),
  checkedAt: time,
}) satisfies z.ZodType<Receipt>;

export const deploymentView = z.object({
  id: z.string(),
  name: z.string(),
  target: z.string(),
  targetKind: z.enum(targetNames),
  owner: z.object({ id: z.string(), name: z.string() }),
  status: z.enum(deploymentStatuses),
  statusCode: failureCode.nullable(),
  statusMessage: z.string().nullable(),
  endpoint: endpointView.nullable(),
  domain: domainState.nullable(),
  replicas: z.object({ desired: z.int(), ready: z.int() }),
  models: z.array(z.string()),
  spec: specView,
  revision: z.int(),
  operation: operationView,
  traffic: z.object({
    requestsPerSecond: z.number().nullable(),
    errorRate: z.number().nullable(),
    requests: z.int().nullable(),
    errors: z.int().nullable(),
    serverErrors: z.int().nullable(),
    sparkline: z.array(z.number()),
  }),
  measured: measured.nullable(),
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

const priceRow = z.object({
  item: z.string(),
  region: z.string().nullable(),
  usd: z.number(),
  per: z.enum(["hour", "gigabyte and month"]),
  source: z.string(),
  lookedUp: z.string(),
});

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
  /** of a deployment on Google Cloud: amounts in US dollars an hour */
  google: z
    .object({
      price: z.object({
        lines: z.array(
          z.object({
            what: z.string(),
            least: z.number().nullable(),
            most: z.number().nullable(),
            rows: z.array(priceRow),
          }),
        ),
        least: z.number(),
        most: z.number(),
        isComplete: z.boolean(),
        notes: z.array(z.string()),
      }),
      loadBalancer: z.enum(["google", "google-and-proxy", "service"]),
      lacks: z.array(z.string()),
    })
    .nullable(),
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
  errors: z.array(z.object({ field: z.string(), message: z.string(), code: z.string().optional() })),
});

export const replicaView = z.object({
  id: z.string(),
  variant: z.string(),
  ordinal: z.int(),
  state: z.enum(replicaStates),
  pid: z.int().nullable(),
  pod: z.string().nullable(),
  node: z.string().nullable(),
  restarts: z.int(),
  inFlight: z.int().nullable(),
  startedAt: time.nullable(),
  message: z.string().nullable(),
}) satisfies z.ZodType<ReplicaView>;

export const requestView = z.object({
  id: z.string(),
  at: time,
  method: z.string(),
  path: z.string(),
  status: z.int(),
  variant: z.string().nullable(),
  replicaId: z.string().nullable(),
  queueMs: z.number(),
  connectMs: z.number(),
  responseMs: z.number(),
  totalMs: z.number(),
  bytesOut: z.int(),
}) satisfies z.ZodType<RequestView>;

export const sampleView = z.object({
  variant: z.string(),
  at: time,
  requests: z.int().nullable(),
  errors: z.int().nullable(),
  serverErrors: z.int().nullable(),
  latencyP50Ms: z.number().nullable(),
  latencyP95Ms: z.number().nullable(),
  inFlight: z.int(),
  queued: z.int(),
  replicasReady: z.int(),
}) satisfies z.ZodType<SampleView>;

export const logLineView = z.object({
  id: z.string(),
  replicaId: z.string(),
  at: time,
  line: z.string(),
}) satisfies z.ZodType<LogLineView>;

export const scaleStepView = z.object({
  id: z.string(),
  variant: z.string(),
  at: time,
  from: z.int(),
  to: z.int(),
  reason: z.string(),
}) satisfies z.ZodType<ScaleStepView>;

const role = z.enum(["admin", "member"]);

export const personView = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  createdAt: time,
  disabledAt: time.nullable(),
}) satisfies z.ZodType<PersonView>;

export const peopleView = z.object({
  people: z.array(personView),
  invitations: z.array(
    z.object({ id: z.string(), email: z.string(), role, createdAt: time, expiresAt: time }),
  ) satisfies z.ZodType<InvitationView[]>,
  nextCursor: z.string().nullable(),
  total: z.int(),
}) satisfies z.ZodType<PeoplePage>;

export const newInvitation = z.object({ email: z.string(), expiresAt: time, link: z.string() });

export const modelView = z.object({
  id: z.string(),
  title: z.string(),
  does: z.string(),
  sizeMb: z.number(),
  memoryMb: z.number(),
  cpu: z.string(),
  licence: z.string(),
  concurrency: z.int(),
  targetInFlight: z.number(),
  healthPath: z.string(),
  startSeconds: z.number(),
  example: z.object({
    method: z.literal("POST"),
    path: z.string(),
    contentType: z.string(),
    body: z.string(),
    sampleFile: z.string().optional(),
  }),
  streams: z.boolean(),
}) satisfies z.ZodType<Omit<Preset, "entry">>;

export const callAnswer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  replica: z.string().nullable(),
  requestId: z.string().nullable(),
  body: z.union([z.object({ text: z.string() }), z.object({ base64: z.string() })]),
  truncated: z.boolean(),
  totalMs: z.number(),
  timing: z.array(z.object({ name: z.string(), ms: z.number(), title: z.string().nullable() })),
}) satisfies z.ZodType<CallAnswer>;
