import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import type { SealingKey } from "#lib/secrets/seal.ts";

export type Role = "admin" | "member";

/** Who does something. Switches over it have no default, so that a new kind fails to compile. */
export type Actor =
  | { type: "user"; id: string; role: Role }
  | { type: "worker"; id: string }
  | { type: "runtime" }
  | { type: "system"; reason: string };

/** What every verb takes first: `verb(ctx, input)`. */
export type Context = { db: Db; actor: Actor; clock: Clock };

/** For the few verbs that seal or unseal something. */
export type SealingContext = Context & {
  sealingKey: SealingKey;
  /** the host in endpoints' addresses on this machine, for certificates; `localhost` where it isn't said */
  endpointHost?: string;
  /** SLUICE_GOOGLE_ENDPOINT: where Google's APIs are instead of at Google */
  googleEndpoint?: string;
};
