import type { DomainState } from "#lib/deployments/domain-state.ts";
import type { DeploymentStatus, FailureCode } from "#lib/deployments/status.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { OperationKind, OperationStatus } from "#lib/operations/status.ts";
import type { CertificateView } from "#lib/tls/read-certificate.ts";
import type { Measured } from "#lib/traffic/measured.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** What pages and the REST API show of a deployment. Times are ISO 8601 in UTC. */
export type DeploymentView = {
  id: string;
  name: string;
  /** as a person writes it: `local`, `gke` or a cluster's name */
  target: string;
  targetKind: Spec["target"];
  owner: { id: string; name: string };
  status: DeploymentStatus;
  statusCode: FailureCode | null;
  statusMessage: string | null;
  endpoint: EndpointView | null;
  /** of one with a domain on Google Cloud, once it was looked at */
  domain: DomainState | null;
  replicas: { desired: number; ready: number };
  /** titles of the models served, one a variant */
  models: string[];
  spec: SpecView;
  revision: number;
  /** the newest, without those that were cancelled before they began: these changed nothing */
  operation: OperationView;
  traffic: TrafficView;
  /** how far Google's figures go; null where it is HAProxy that counts, or nobody */
  measured: Measured | null;
  receipt: Receipt | null;
  createdAt: string;
  readyAt: string | null;
  expiresAt: string | null;
  destroyedAt: string | null;
};

export type EndpointView = {
  url: string;
  /** where a connection is made to; the url may have a name that a certificate is for */
  ip: string;
  port: number;
  access: "private" | "open";
  /**
   * PEM, where it speaks HTTPS by one of its own: who trusts exactly this one talks to this endpoint and to no other. None
   * with an https url: the certificate is of an authority that everybody trusts
   */
  certificate?: string | null;
};

/**
 * A spec without the ids of its secrets: those of the environment read `{name, secret: true}`. Of a certificate
 * what is in it; `null` without one, and in a preview of one that isn't made yet.
 */
export type SpecView = Omit<Spec, "env" | "endpoint" | "pullSecret"> & {
  pullSecret: { registry: string; username: string } | null;
  endpoint: Omit<Spec["endpoint"], "tls"> & {
    tls: { mode: Spec["endpoint"]["tls"]["mode"]; certificate: CertificateView | null };
  };
  env: ({ name: string; value: string } | { name: string; secret: true })[];
};

/** `null` figures: nothing measured yet, or, where `requests` is `null` too, not measured by this load balancer. */
export type TrafficView = {
  /** over the last minute */
  requestsPerSecond: number | null;
  /** share of answers of 400 and above over the last hour, 0..1 */
  errorRate: number | null;
  /** over the last hour */
  requests: number | null;
  errors: number | null;
  /** of the errors, those of 500 and above: not the caller's fault */
  serverErrors: number | null;
  /** requests per second in steps of 10 s over the last 5 minutes, oldest first: 30 numbers, or none */
  sparkline: number[];
};

export type OperationView = {
  id: string;
  deploymentId: string;
  kind: OperationKind;
  status: OperationStatus;
  attempt: number;
  revision: number;
  errorCode: FailureCode | null;
  errorMessage: string | null;
  cancelRequested: boolean;
  plan: Pick<PlannedResource, "type" | "name" | "summary">[] | null;
  lastSeq: number;
  by: string;
  queuedAt: string;
  startedAt: string | null;
  finishedAt: string | null;
};

/** What a tear-down proves. */
export type Receipt = {
  created: { type: string; name: string; at: string }[];
  deleted: { type: string; name: string; at: string }[];
  /** empty when all is well: processes, ports, files, objects of a cluster and engine state that are still there */
  remaining: { kind: "process" | "port" | "file" | "state" | "object"; what: string }[];
  /** what was at work when the tear-down began and isn't any more; older receipts don't tell */
  ended?: { kind: "process" | "port" | "object" | "key"; what: string }[];
  checkedAt: string;
};
