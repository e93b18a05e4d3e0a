import { availableParallelism, homedir } from "node:os";
import path from "node:path";
import * as z from "zod";
import { isEndpointOverride } from "#lib/targets/gke/endpoint-override.ts";

const absolute = z.string().transform((folder) => path.resolve(folder));

/**
 * A folder of the XDG base directory specification, by which one that is empty or isn't absolute counts as not set.
 *
 * @param usual where it is without, in the home folder
 */
function baseFolder(given: string | undefined, usual: string): string {
  return given && path.isAbsolute(given) ? given : path.join(homedir(), usual);
}

const portWords = "must be a number from 1 to 65535, as in PORT=3001 npm start";

const schema = z.object({
  /** All data: the embedded database, the key file, the runtime's state and logs. */
  SLUICE_HOME: absolute.default(() =>
    path.join(baseFolder(process.env.XDG_DATA_HOME, ".local/share"), "sluice"),
  ),
  /** Tools that can be fetched or built again. */
  SLUICE_CACHE: absolute.default(() => path.join(baseFolder(process.env.XDG_CACHE_HOME, ".cache"), "sluice")),
  /** A Postgres of one's own; without it an embedded one runs under SLUICE_HOME. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres://")
    .optional(),
  /** Where the engine keeps its state, if not in a second database beside DATABASE_URL. */
  SLUICE_STATE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres://")
    .optional(),
  /** 32 bytes as base64; without it a file under SLUICE_HOME holds the key. */
  SLUICE_KEY: z
    .string()
    .refine((key) => Buffer.from(key, "base64").length === 32, "must be 32 bytes as base64")
    .optional(),
  /** What signs session cookies; without it, it is derived from the sealing key. */
  BETTER_AUTH_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  /** The portal's public address, if people don't reach it as http://localhost:PORT. */
  SLUICE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The address that portal and endpoints listen on. */
  SLUICE_BIND: z.union([z.ipv4(), z.ipv6()]).default("127.0.0.1"),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, portWords)
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65_535, portWords)
    .default(3000),
  /** How long a replica in a cluster may run without answering as healthy before it is given up, in seconds. */
  SLUICE_START_SECONDS: z.coerce.number().int().min(5).max(600).default(600),
  /** How long Google's many front ends may take to learn of a change: so long what leaves is still reached, in seconds. */
  SLUICE_GOOGLE_SETTLE_SECONDS: z.coerce.number().int().min(0).max(600).default(120),
  /** Where Google's APIs and its token endpoint are, if not at Google: a model of them, as tests have. */
  SLUICE_GOOGLE_ENDPOINT: z
    .string()
    .refine(isEndpointOverride, "must be https://HOST, or http:// with an address of this machine's loopback")
    .optional(),
  /** Where Google's own libraries look for who asks, too: a file, and gcloud's folder. */
  GOOGLE_APPLICATION_CREDENTIALS: z.string().optional(),
  CLOUDSDK_CONFIG: z.string().optional(),
  /** How many operations a worker has at a time. Most of an operation is waiting, above all for a cluster. */
  SLUICE_OPERATIONS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(() => Math.max(4, 2 * availableParallelism())),
  /** Where tools that the machine has are looked for. */
  PATH: z.string().default(""),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

export type Env = z.infer<typeof schema>;

/**
 * Reads the process's settings, once, at its entry. Nothing else reads `process.env`.
 *
 * @throws Error that names every setting that is wrong
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`These settings are wrong:\n${problems.join("\n")}`);
}
