import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthEndpoint, createAuthMiddleware } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import * as z from "zod";
import { spendSignInLink } from "#lib/auth/sign-in-links.ts";
import type { SignInThrottle } from "#lib/auth/sign-in-throttle.ts";
import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import { errorStatus, SluiceError } from "#lib/errors.ts";

const year = 365 * 24 * 3600;

/** What better-auth lacks for us: one-time links, and a throttle for passwords. */
export function signInPlugin(parts: { db: Db; clock: Clock; throttle: SignInThrottle }) {
  const { db, clock, throttle } = parts;
  return {
    id: "sluice-sign-in",
    endpoints: {
      /** POST /api/auth/sign-in/link {token, name?, password?}: spends the link and begins a session. */
      signInLink: createAuthEndpoint(
        "/sign-in/link",
        { method: "POST", body: z.unknown(), metadata: { allowedMediaTypes: ["application/json"] } },
        async (ctx) => {
          const userId = await asApiError(() => spendSignInLink({ db, clock }, ctx.body));
          const user = await ctx.context.internalAdapter.findUserById(userId);
          const session = await ctx.context.internalAdapter.createSession(userId);
          if (!user || !session) throw new APIError("INTERNAL_SERVER_ERROR");
          await setSessionCookie(ctx, { session, user });
          const cookie = ctx.context.createAuthCookie("device", { maxAge: year });
          ctx.setCookie(
            cookie.name,
            throttle.succeed(user.email, ctx.getCookie(cookie.name) ?? undefined),
            cookie.attributes,
          );
          return ctx.json({ ok: true });
        },
      ),
    },
    hooks: {
      before: [
        {
          matcher: (ctx) => ctx.path === "/sign-in/email",
          handler: createAuthMiddleware(async (ctx) => {
            const cookie = ctx.context.createAuthCookie("device");
            const wait = throttle.take(emailOf(ctx.body), ctx.getCookie(cookie.name) ?? undefined);
            if (wait === 0) return;
            throw new APIError(
              "TOO_MANY_REQUESTS",
              {
                code: "TOO_MANY",
                message: `Too many wrong passwords for this address. Wait ${Math.ceil(wait / 60)} min, use a device that signed in before, or a sign-in link.`,
              },
              { "retry-after": String(wait) },
            );
          }),
        },
      ],
      after: [
        {
          matcher: (ctx) => ctx.path === "/sign-in/email",
          handler: createAuthMiddleware(async (ctx) => {
            if (!ctx.context.newSession) return;
            const cookie = ctx.context.createAuthCookie("device", { maxAge: year });
            const value = throttle.succeed(
              ctx.context.newSession.user.email,
              ctx.getCookie(cookie.name) ?? undefined,
            );
            ctx.setCookie(cookie.name, value, cookie.attributes);
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

function emailOf(body: unknown): string {
  const email = body && typeof body === "object" && "email" in body ? body.email : "";
  return typeof email === "string" ? email.trim().toLowerCase() : "";
}

async function asApiError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const status = errorStatus[error.code];
    const body = { code: error.code, message: error.message, errors: error.fields };
    throw new APIError(
      status === 422 ? "UNPROCESSABLE_ENTITY" : status === 404 ? "NOT_FOUND" : "CONFLICT",
      body,
    );
  }
}
