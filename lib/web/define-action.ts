import { headers } from "next/headers";
import type { SealingContext } from "#lib/context.ts";
import { SluiceError, type ErrorCode, type FieldError } from "#lib/errors.ts";
import { currentPerson } from "#lib/web/require-actor.ts";
import { requireOwnOrigin } from "#lib/web/own-origin.ts";
import { asSluiceError } from "#lib/web/unexpected.ts";
import { contextFor, portal } from "#lib/web/portal.ts";

/** What an action answers: plain data, because an error thrown in an action reaches the page without its words. */
export type ActionResult<T> =
  { ok: true; value: T } | { ok: false; code: ErrorCode; message: string; fields: FieldError[] };

/**
 * Makes a server action of a verb: `"use server"; export const create = defineAction(createDeployment)`. The verb
 * parses its own input, since an action is an address that anybody can post to.
 */
export function defineAction<Args extends unknown[], T>(
  verb: (ctx: SealingContext, ...args: Args) => Promise<T>,
): (...args: Args) => Promise<ActionResult<T>> {
  return async (...args) => {
    try {
      requireOwnOrigin(portal().env, new Headers(await headers()));
      const actor = await currentPerson();
      if (!actor) throw new SluiceError("unauthenticated", "You are signed out. Sign in and try again.");
      return { ok: true, value: await verb(contextFor(actor), ...args) };
    } catch (error) {
      const { code, message, fields } = asSluiceError(error);
      return { ok: false, code, message, fields };
    }
  };
}
