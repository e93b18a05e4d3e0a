import { createSignInLink } from "#lib/auth/sign-in-links.ts";
import { systemClock } from "#lib/clock.ts";
import { openDb } from "#lib/db.ts";
import { routes } from "#lib/routes.ts";

/** Makes a one-time sign-in link for the admin. @returns its path on the portal */
export async function firstLink(databaseUrl: string): Promise<string> {
  const db = openDb(databaseUrl, 1);
  try {
    const actor = { type: "system", reason: "npm start" } as const;
    const { token } = await createSignInLink({ db, clock: systemClock, actor });
    return routes.signInLink(token);
  } finally {
    await db.$disconnect();
  }
}
