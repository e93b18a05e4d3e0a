import { randomUUID } from "node:crypto";
import { betterAuth } from "better-auth/minimal";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError } from "better-auth/api";
import { ownOrigins, publicUrl } from "#lib/auth/origins.ts";
import { signInPlugin } from "#lib/auth/sign-in-plugin.ts";
import { SignInThrottle } from "#lib/auth/sign-in-throttle.ts";
import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import type { Env } from "#lib/env.ts";
import { newId } from "#lib/ids.ts";
import { deriveSecret } from "#lib/secrets/derive.ts";
import type { SealingKey } from "#lib/secrets/seal.ts";

export type Auth = ReturnType<typeof openAuth>;

const week = 7 * 24 * 3600;

/**
 * better-auth over our own tables: e-mail and password, no open sign-up. Accounts are made by invitation and by
 * the first start alone. Cookies are `Secure` only where SLUICE_URL is https, so that plain HTTP on both
 * loopback names works; they carry the port, because browsers don't tell cookies apart by port.
 */
export function openAuth(parts: { db: Db; env: Env; sealingKey: SealingKey; clock: Clock }) {
  const { db, env, sealingKey, clock } = parts;
  const secret = env.BETTER_AUTH_SECRET ?? deriveSecret(sealingKey, "session cookies").toString("base64url");
  return betterAuth({
    appName: "Sluice",
    baseURL: publicUrl(env),
    basePath: "/api/auth",
    trustedOrigins: ownOrigins(env),
    secret,
    telemetry: { enabled: false },
    logger: { disabled: true },
    database: prismaAdapter(db, { provider: "postgresql", transaction: true }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    user: {
      additionalFields: {
        role: { type: "string", input: false, defaultValue: "member" },
        disabledAt: { type: "date", input: false, required: false },
      },
    },
    session: { expiresIn: week, updateAge: 24 * 3600, cookieCache: { enabled: false } },
    // Ours instead: a limit by address can be walked round, and used against somebody, with a made-up header.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: `sluice-${env.PORT}`,
      useSecureCookies: publicUrl(env).startsWith("https:"),
      ipAddress: { disableIpTracking: true },
      database: { generateId: ({ model }) => (model === "user" ? newId("usr") : randomUUID()) },
    },
    databaseHooks: {
      session: {
        create: {
          async before(session) {
            const person = await db.user.findUnique({ where: { id: session.userId, disabledAt: null } });
            if (!person)
              throw new APIError("FORBIDDEN", { code: "DISABLED", message: "This account is disabled." });
          },
        },
      },
    },
    plugins: [signInPlugin({ db, clock, throttle: new SignInThrottle(secret, clock) })],
  });
}
