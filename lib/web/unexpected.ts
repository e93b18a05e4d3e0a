import { unstable_rethrow } from "next/navigation";
import { isDatabaseAway } from "#lib/database-away.ts";
import { SluiceError } from "#lib/errors.ts";
import { portal } from "#lib/web/portal.ts";

/**
 * Any error as one that a person may read. What nobody foresaw goes to the log and reads as `internal`; a
 * database that doesn't answer as `unavailable`. Next's own signals (redirects) are thrown on.
 */
export function asSluiceError(error: unknown): SluiceError {
  unstable_rethrow(error);
  if (error instanceof SluiceError) return error;
  if (isDatabaseAway(error)) {
    portal().log.warn({ reason: summary(error) }, "the database doesn't answer");
    return new SluiceError("unavailable", "The database doesn't answer just now. Try again in a moment.", {
      cause: error,
    });
  }
  portal().log.error({ err: safe(error) }, "unexpected error");
  return new SluiceError("internal", "Something went wrong on our side. The log of the portal says what.", {
    cause: error,
  });
}

/** Prisma's messages quote the arguments of a call: only the last line says what failed. */
function summary(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split("\n").at(-1) ?? "";
}

function safe(error: unknown): object {
  if (!(error instanceof Error)) return { message: "not an Error" };
  const fromPrisma = error.name.startsWith("Prisma");
  return {
    type: error.name,
    message: fromPrisma ? summary(error) : error.message,
    stack: error.stack
      ?.split("\n")
      .filter((line) => /^\s+at /.test(line))
      .join("\n"),
  };
}
