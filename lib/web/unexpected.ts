import { unstable_rethrow } from "next/navigation";
import { SluiceError } from "#lib/errors.ts";
import { Prisma } from "#prisma/generated/client.ts";
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

/** Prisma's codes for a server that can't be reached, closed a connection, or gave none in time. */
const awayCodes = new Set([
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
  "P2028",
  "ECONNREFUSED",
  "ECONNRESET",
]);
/** What the driver's adapter calls the same. */
const awayKinds = new Set([
  "DatabaseNotReachable",
  "ConnectionClosed",
  "SocketTimeout",
  "TooManyConnections",
]);

function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  if ("code" in error && awayCodes.has(String(error.code))) return true;
  if (/^Connection terminated|^timeout exceeded when trying to connect/.test(error.message)) return true;
  const cause = adapterCause(error);
  // Postgres: class 08 is a broken connection, 57P01 to 57P03 a server that stops or starts.
  return awayKinds.has(cause.kind ?? "") || /^(08|57P0)/.test(cause.originalCode ?? "");
}

function adapterCause(error: Error): { kind?: string; originalCode?: string } {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return {};
  const adapterError = error.meta?.driverAdapterError as
    { cause?: { kind?: string; originalCode?: string } } | undefined;
  return adapterError?.cause ?? {};
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
