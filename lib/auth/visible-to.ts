import type { Actor } from "#lib/context.ts";

/** The condition on a deployment's owner: people see their own, admins and Sluice's own processes see all. */
export function visibleTo(actor: Actor): { ownerId?: string } {
  switch (actor.type) {
    case "user":
      return actor.role === "admin" ? {} : { ownerId: actor.id };
    case "worker":
    case "runtime":
    case "system":
      return {};
  }
}
