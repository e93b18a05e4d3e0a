import type { Discovery, Method } from "#e2e/cloud/google/discovery.ts";
import type { Faults } from "#e2e/cloud/google/faults.ts";
import { GoogleError } from "#e2e/cloud/google/google-error.ts";
import type { JsonObject } from "#e2e/cloud/google/json.ts";
import type { ModelClock } from "#e2e/cloud/google/model-clock.ts";
import type { OperationError, Operations } from "#e2e/cloud/google/operations.ts";
import type { Permissions } from "#e2e/cloud/google/permissions.ts";
import type { Quotas } from "#e2e/cloud/google/quotas.ts";
import type { Store } from "#e2e/cloud/google/store.ts";
import type { Account, Tokens } from "#e2e/cloud/google/tokens.ts";

/** A project. `services` are the APIs that are enabled, such as `compute.googleapis.com`. */
export type Project = { id: string; number: string; services: Set<string> };

export type ClusterRef = { project: string; location: string; name: string };
export type ControlPlane = { endpoint: string; caCertificate: string };

/**
 * What the model can't know by itself: the world behind the APIs. None of these may ask the model's own server:
 * requests wait while they run.
 */
export type Surroundings = {
  /** Makes a control plane for a cluster; `caCertificate` is PEM. */
  openCluster(cluster: ClusterRef): Promise<ControlPlane>;
  /** Called when the cluster is deleted. */
  closeCluster(cluster: ClusterRef): Promise<void>;
  /** Whether an endpoint answers a health check. */
  probe(endpoint: { ipAddress: string; port: number }, healthCheck: JsonObject): Promise<boolean>;
  /** The next reserved address. */
  nextAddress(): string;
};

/** A series as Cloud Monitoring would answer it; `aligner` and `reducer` are those that it was asked with. */
export type PutSeries = { series: JsonObject; aligner?: string; reducer?: string };

/** Everything that a request may touch. */
export type Model = {
  url: string;
  clock: ModelClock;
  discovery: Discovery;
  store: Store;
  operations: Operations;
  tokens: Tokens;
  permissions: Permissions;
  quotas: Quotas;
  faults: Faults;
  projects: Map<string, Project>;
  surroundings: Surroundings;
  /** What tests put in for Cloud Monitoring and Cloud Logging, by project. */
  series: Map<string, PutSeries[]>;
  entries: Map<string, JsonObject[]>;
  /** Operations by the request ids of clients, so that a request sent twice works once. */
  requestIds: Map<string, JsonObject>;
};

/** One checked request. */
export type Call = {
  model: Model;
  method: Method;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Empty where there is none. */
  body: JsonObject;
  /** Of an upload. */
  upload: { contentType: string; bytes: Buffer } | null;
  account: Account;
  /** The id, also where the request named the number; empty where a method is about none. */
  project: string;
  /** How a test wants this request's operation to end. */
  operationError: OperationError | null;
};

/** An answer that isn't JSON; `bytes` may be empty for 204. */
export class Media {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: Buffer;

  constructor(status: number, contentType: string, bytes: Buffer) {
    this.status = status;
    this.contentType = contentType;
    this.bytes = bytes;
  }
}

export type Handler = (call: Call) => Promise<JsonObject | Media> | JsonObject | Media;
export type Handlers = Record<string, Handler>;

/** The one parameter that everything in a path is, where a pattern may hold slashes. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new GoogleError(400, "required", `Required parameter: ${name}`);
  return value;
}
