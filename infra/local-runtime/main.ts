import pino from "pino";
import * as z from "zod";
import { modelCommand } from "#infra/local-runtime/model-command.ts";
import { timing } from "#infra/local-runtime/options.ts";
import { publicHost } from "#lib/targets/local/public-host.ts";
import { Runtime } from "#infra/local-runtime/runtime.ts";
import { obtainHaproxy } from "#infra/tools/obtain-haproxy.ts";
import { reportHaproxy } from "#infra/local-runtime/report-haproxy.ts";
import { systemClock } from "#lib/clock.ts";
import { openDb } from "#lib/db.ts";
import { readEnv } from "#lib/env.ts";
import { parseSealingKey } from "#lib/secrets/seal.ts";

const env = readEnv();
const given = z.object({ DATABASE_URL: z.string(), SLUICE_KEY: z.string() }).parse(process.env);
const log = pino({ level: env.LOG_LEVEL });
const db = openDb(given.DATABASE_URL);
const report = reportHaproxy({ db, clock: systemClock });

const runtime = new Runtime({
  home: env.SLUICE_HOME,
  bind: env.SLUICE_BIND,
  publicHost: publicHost(env.SLUICE_BIND, env.SLUICE_URL),
  databaseUrl: given.DATABASE_URL,
  db,
  sealingKey: parseSealingKey(given.SLUICE_KEY),
  clock: systemClock,
  timing,
  modelCommand,
  log: (level, message, details = {}) => log[level](details, message),
  obtainHaproxy: (signal) =>
    report.during((onProgress) =>
      obtainHaproxy({ cache: env.SLUICE_CACHE, searchPath: process.env.PATH ?? "", signal, onProgress }),
    ),
});

process.on("unhandledRejection", (error) => log.error({ err: error }, "unhandled rejection"));

let stopping: Promise<void> | null = null;
const stop = () => {
  stopping ??= runtime.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: error }, "the runtime couldn't stop cleanly");
      process.exit(1);
    },
  );
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);

try {
  await runtime.start();
  log.info({ socket: runtime.folders.socket }, "local runtime started");
} catch (error) {
  log.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
