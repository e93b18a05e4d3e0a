import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { EngineError } from "#infra/engine/driver.ts";
import { isDatabaseAway } from "#lib/database-away.ts";

/** How often something is tried that fails though the database is there: a deadlock passes, a defect doesn't. */
const tries = 3;

/**
 * Does something with the database that an operation's outcome depends on: waits as long as the database is away,
 * so that a blip doesn't end an operation in another way than it went.
 *
 * @throws whatever it failed with for another reason, after a few tries
 */
export async function persistently<T>(log: Logger, work: () => Promise<T>, pauseMs = 500): Promise<T> {
  for (let failed = 0; ;) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof EngineError) throw error;
      if (!isDatabaseAway(error) && ++failed >= tries) throw error;
      log.warn({ err: error }, "an operation can't be worked on just now: trying again");
      await sleep(pauseMs);
    }
  }
}
