import { DatabaseUnreachable } from "#lib/database-unreachable.ts";
import { Prisma } from "#prisma/generated/client.ts";

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
/** Postgres: class 08 is a broken connection, 57P01 to 57P03 a server that stops or starts. */
const awayStates = /^(08|57P0)/;

/** Whether an error of a query means that the database isn't there just now, so that a later try may work. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Other errors' causes aren't looked at: a cluster or a local runtime that refuses connections is no database.
  if (error instanceof DatabaseUnreachable) return true;
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  const code = "code" in error ? String(error.code) : "";
  if (awayCodes.has(code) || awayStates.test(code)) return true;
  if (/^Connection terminated|^timeout exceeded when trying to connect/.test(error.message)) return true;
  const cause = adapterCause(error);
  return awayKinds.has(cause.kind ?? "") || awayStates.test(cause.originalCode ?? "");
}

function adapterCause(error: Error): { kind?: string; originalCode?: string } {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return {};
  const adapterError = error.meta?.driverAdapterError as
    { cause?: { kind?: string; originalCode?: string } } | undefined;
  return adapterError?.cause ?? {};
}
