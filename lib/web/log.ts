import pino from "pino";
import type { Env } from "#lib/env.ts";

export type Log = pino.Logger;

/** Names whose values never reach a log, at any of the first levels. */
const secretNames = [
  "authorization",
  "cookie",
  "password",
  "secret",
  "token",
  "key",
  "value",
  "sealed",
  "hash",
];

/** One JSON line an entry, on standard output unless told otherwise. */
export function openLog(env: Pick<Env, "LOG_LEVEL">, destination?: pino.DestinationStream): Log {
  const paths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]);
  const options = { level: env.LOG_LEVEL, base: { process: "web" }, redact: { paths, censor: "[redacted]" } };
  return destination ? pino(options, destination) : pino(options);
}
