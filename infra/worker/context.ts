import type { Logger } from "pino";
import type { StackSecrets } from "#infra/engine/stack-secrets.ts";
import type { RunnerPool } from "#infra/worker/runner-process.ts";
import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import type { SealingKey } from "#lib/secrets/seal.ts";

/** What a worker's parts need. */
export type WorkerContext = {
  db: Db;
  clock: Clock;
  log: Logger;
  sealingKey: SealingKey;
  /** SLUICE_HOME */
  home: string;
  /** the engine's state, as the engine's role */
  stateUrl: string;
  /** the engine's state, as the role that owns the fences */
  statePortalUrl: string;
  /** SLUICE_GOOGLE_ENDPOINT: where Google's APIs are instead of at Google; null: there */
  googleEndpoint: string | null;
  workerId: string;
  host: string;
  runners: RunnerPool;
  newStackSecrets(): Promise<StackSecrets>;
};
