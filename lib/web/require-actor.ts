import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { actorFromRequest } from "#lib/auth/actor-from-request.ts";
import type { Actor, SealingContext } from "#lib/context.ts";
import { routes } from "#lib/routes.ts";
import { contextFor, portal } from "#lib/web/portal.ts";

export type Person = Extract<Actor, { type: "user" }>;

/** Who looks at this page; asked once a request however many components ask. `null`: nobody is signed in. */
export const currentPerson = cache(async (): Promise<Person | null> => {
  const sent = new Headers(await headers());
  sent.delete("authorization");
  const identified = await actorFromRequest(portal(), sent);
  return identified?.actor.type === "user" ? identified.actor : null;
});

/** Who looks at this page; sends whoever isn't signed in to the sign-in page. */
export async function requireActor(): Promise<Person> {
  return (await currentPerson()) ?? redirect(routes.signIn);
}

/** What verbs take, for a page or a component on the server: `list(await pageContext(), …)`. */
export async function pageContext(): Promise<SealingContext> {
  return contextFor(await requireActor());
}
