import pino from "pino";
import type { Env } from "#lib/env.ts";

export type Log = pino.Logger;

/** Names whose values never reach a log, at any of the first levels. */
const secretNames = ["authorization", "cookie", "password", "secret", "token", "key", "value", "sealed", "hash"];

/** One JSON line an entry, on standard output. */
export function openLog(env: Pick<Env, "LOG_LEVEL">): Log {
  const paths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]);
  return pino({ level: env.LOG_LEVEL, base: { process: "web" }, redact: { paths, censor: "[redacted]" } });
}
