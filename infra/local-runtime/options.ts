import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import type { SealingKey } from "#lib/secrets/seal.ts";
import type { ModelServerCommand } from "#infra/local-runtime/protocol.ts";

/** How a model is run: the program with its arguments, and how many requests one replica works on at a time. */
export type ModelCommand = { command: [string, ...string[]]; concurrency: number };

/** What was found of HAProxy, or how obtaining it goes. */
export type ObtainedHaproxy = { path: string; version: string; source: string };

export type RuntimeOptions = {
  /** SLUICE_HOME */
  home: string;
  /** the address that endpoints listen on */
  bind: string;
  /** the host in endpoints' addresses, where it isn't `bind` */
  publicHost: string;
  databaseUrl: string;
  db: Db;
  sealingKey: SealingKey;
  clock: Clock;
  obtainHaproxy(signal: AbortSignal): Promise<ObtainedHaproxy>;
  /** @throws CommandFailure if this model can't run here */
  modelCommand(model: ModelServerCommand["model"]): ModelCommand;
  log(level: "debug" | "info" | "warn" | "error", message: string, details?: Record<string, unknown>): void;
  timing: Timing;
};

/** Milliseconds all, but the port. Tests use shorter ones. */
export type Timing = {
  /** until a started replica must be healthy */
  probeBound: number;
  probeEvery: number;
  /** how long a leaving replica may finish what it works on */
  drain: number;
  /** from SIGTERM to SIGKILL */
  stopGrace: number;
  /** between looks at the load balancer's figures */
  statsEvery: number;
  scaleUpWindow: number;
  scaleDownWindow: number;
  /** a replica whose health check has failed for so long is restarted */
  hungAfter: number;
  requestLogEvery: number;
  rowsEvery: number;
  keysEvery: number;
  /** a replica that ran so long may be restarted at once */
  settled: number;
  longestBackOff: number;
  /** between tries to get HAProxy where it can't be had */
  obtainAgain: number;
  /** the first port given to endpoints without one of their own */
  firstPort: number;
  /** bytes of a request log before the other one is used */
  requestLogSize: number;
};

export const timing: Timing = {
  probeBound: 60_000,
  probeEvery: 50,
  drain: 30_000,
  stopGrace: 5_000,
  statsEvery: 1_000,
  scaleUpWindow: 3_000,
  scaleDownWindow: 25_000,
  hungAfter: 10_000,
  requestLogEvery: 700,
  rowsEvery: 500,
  keysEvery: 3_000,
  settled: 10_000,
  longestBackOff: 30_000,
  obtainAgain: 30_000,
  firstPort: 21_000,
  requestLogSize: 64 * 1024 * 1024,
};
