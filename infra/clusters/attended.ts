import type { Logger } from "pino";
import type { ApiClient } from "#infra/kubernetes/api-client.ts";
import type { Access } from "#infra/kubernetes/connect-options.ts";
import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import type { Spec } from "#lib/deployments/spec.ts";

/** A deployment of a cluster that this worker attends to: its keys and its figures. */
export type Attended = {
  readonly id: string;
  /** the newest that was asked for */
  readonly spec: Spec;
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly access: Access;
  readonly api: ApiClient;
  /** ends the attendance: the worker stops, another one has the cluster, the deployment or its kubeconfig went */
  readonly signal: AbortSignal;
};
