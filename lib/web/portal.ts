import { openAuth, type Auth } from "#lib/auth/auth.ts";
import { systemClock, type Clock } from "#lib/clock.ts";
import type { Actor, SealingContext } from "#lib/context.ts";
import { openDb, type Db } from "#lib/db.ts";
import { readEnv, type Env } from "#lib/env.ts";
import { publicHost } from "#lib/targets/local/public-host.ts";
import { readSealingKey } from "#lib/secrets/sealing-key.ts";
import type { SealingKey } from "#lib/secrets/seal.ts";
import { ChangeHub } from "#lib/web/change-hub.ts";
import { openLog, type Log } from "#lib/web/log.ts";

/** What the web process holds once. */
export type Portal = {
  env: Env;
  db: Db;
  clock: Clock;
  sealingKey: SealingKey;
  auth: Auth;
  log: Log;
  changes: ChangeHub;
};

/** No question of a page or the API takes the database this long; then a page says that it doesn't answer. */
const databaseSilenceMs = 6_000;

const holder = globalThis as typeof globalThis & { sluicePortal?: Portal };

/** Opened at the first use; kept on globalThis, because Next loads this module once for each kind of route. */
export function portal(): Portal {
  return (holder.sluicePortal ??= open());
}

/** Puts another in its place: a test's. */
export function setPortal(other: Portal | undefined): void {
  holder.sluicePortal = other;
}

function open(): Portal {
  const env = readEnv();
  if (!env.DATABASE_URL) throw new Error("DATABASE_URL isn't set: start Sluice with `npm start`.");
  const db = openDb(env.DATABASE_URL, 10, databaseSilenceMs);
  const sealingKey = readSealingKey(env);
  return {
    env,
    db,
    clock: systemClock,
    sealingKey,
    auth: openAuth({ db, env, sealingKey, clock: systemClock }),
    log: openLog(env),
    changes: new ChangeHub(env.DATABASE_URL),
  };
}

/** What verbs take, for this actor. */
export function contextFor(actor: Actor): SealingContext {
  const { db, clock, sealingKey, env } = portal();
  return {
    db,
    clock,
    sealingKey,
    actor,
    endpointHost: publicHost(env.SLUICE_BIND, env.SLUICE_URL),
    ...(env.SLUICE_GOOGLE_ENDPOINT && { googleEndpoint: env.SLUICE_GOOGLE_ENDPOINT }),
  };
}
