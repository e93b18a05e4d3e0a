import { randomBytes } from "node:crypto";
import { openAuth } from "#lib/auth/auth.ts";
import { createSignInLink } from "#lib/auth/sign-in-links.ts";
import type { Clock } from "#lib/clock.ts";
import type { Role, SealingContext } from "#lib/context.ts";
import { readEnv } from "#lib/env.ts";
import { newId } from "#lib/ids.ts";
import { ChangeHub } from "#lib/web/change-hub.ts";
import { openLog } from "#lib/web/log.ts";
import { setPortal, type Portal } from "#lib/web/portal.ts";
import { testDatabase } from "#prisma/test-database.ts";

/** A clock that a test moves. */
export class MovedClock implements Clock {
  #now = new Date("2026-11-22T12:00:00.000Z");
  now(): Date {
    return new Date(this.#now);
  }
  move(ms: number): void {
    this.#now = new Date(this.#now.getTime() + ms);
  }
}

export type TestPortal = Portal & {
  clock: MovedClock;
  /** what was logged, one JSON text a line */
  logged: string[];
  /** makes a person and gives the context of what they do */
  person(name: string, role?: Role): Promise<SealingContext & { userId: string }>;
  /** signs the first account in, and gives its cookies */
  adminCookie(): Promise<string>;
  drop(): Promise<void>;
};

export const testOrigin = "http://localhost:3000";

/** A whole portal over a fresh database, in this process: what routes and verbs use, without a server. */
export async function testPortal(): Promise<TestPortal> {
  const database = await testDatabase();
  const sealingKeyText = randomBytes(32).toString("base64");
  const env = readEnv({
    DATABASE_URL: database.url,
    SLUICE_KEY: sealingKeyText,
    SLUICE_HOME: "/nonexistent",
  });
  const clock = new MovedClock();
  const sealingKey = { bytes: Buffer.from(sealingKeyText, "base64"), id: "test" };
  const logged: string[] = [];
  const log = openLog(env, { write: (line: string) => void logged.push(line) });
  const { db } = database;
  const portal: Portal = {
    env,
    db,
    clock,
    sealingKey,
    log,
    auth: openAuth({ db, env, sealingKey, clock }),
    changes: new ChangeHub(database.url),
  };
  setPortal(portal);
  return Object.assign(portal, {
    clock,
    logged,
    async person(name: string, role: Role = "member") {
      const userId = newId("usr");
      await db.user.create({ data: { id: userId, name, email: `${name.toLowerCase()}@example.org`, role } });
      return { db, clock, sealingKey, actor: { type: "user" as const, id: userId, role }, userId };
    },
    async adminCookie() {
      const { token } = await createSignInLink({ db, clock, actor: { type: "system", reason: "test" } });
      const answer = await portal.auth.handler(
        new Request(`${testOrigin}/api/auth/sign-in/link`, {
          method: "POST",
          headers: { "content-type": "application/json", origin: testOrigin },
          body: JSON.stringify({ token }),
        }),
      );
      return answer.headers
        .getSetCookie()
        .map((cookie) => cookie.split(";")[0])
        .join("; ");
    },
    async drop() {
      setPortal(undefined);
      await portal.changes.close();
      await database.drop();
    },
  });
}
