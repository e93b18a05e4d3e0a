import type { Actor } from "#lib/context.ts";
import { SluiceError } from "#lib/errors.ts";

type User = Extract<Actor, { type: "user" }>;

/** @throws SluiceError `forbidden` for Sluice's own processes, which own nothing */
export function requireUser(actor: Actor): User {
  if (actor.type === "user") return actor;
  throw new SluiceError("forbidden", "Only a person can do this.");
}

/** Admins, and Sluice's own commands on the machine. @throws SluiceError `forbidden` */
export function requireAdmin(actor: Actor): void {
  if (actor.type === "system" || (actor.type === "user" && actor.role === "admin")) return;
  throw new SluiceError("forbidden", "Only an admin can do this.");
}
