import path from "node:path";
import { deriveSecret } from "#lib/secrets/derive.ts";
import type { Env } from "#lib/env.ts";
import type { Databases } from "#infra/postgres/databases.ts";
import type { KeyOnHand } from "#infra/start/key.ts";
import { root } from "#infra/start/prepare.ts";
import type { Part } from "#infra/start/supervise.ts";
import { fetchingEnvironment, googleEnvironment, machineEnvironment } from "#infra/tools/environment.ts";

/** The portal's three processes. */
export function parts(
  env: Env,
  databases: Databases,
  key: KeyOnHand,
  dev: boolean,
): Record<"web" | "worker" | "runtime", Part> {
  const common = {
    ...machineEnvironment(process.env),
    ...settings(env),
    DATABASE_URL: databases.databaseUrl,
    SLUICE_KEY: key.base64,
  };
  const node = (...args: string[]): [string, ...string[]] => [process.execPath, ...args];
  const script = (file: string) =>
    node(...(dev ? ["--watch", "--watch-preserve-output"] : []), path.join(root, file));
  const next = path.join(root, "node_modules/next/dist/bin/next");
  return {
    web: {
      name: "web",
      command: node(next, dev ? "dev" : "start", "-H", env.SLUICE_BIND, "-p", String(env.PORT)),
      env: {
        ...common,
        NODE_ENV: dev ? "development" : "production",
        NEXT_TELEMETRY_DISABLED: "1",
        BETTER_AUTH_SECRET: env.BETTER_AUTH_SECRET ?? deriveSecret(key.key, "sessions").toString("hex"),
      },
      patience: 5_000,
    },
    worker: {
      name: "worker",
      command: script("infra/worker/main.ts"),
      env: {
        ...common,
        ...fetchingEnvironment(process.env),
        ...googleEnvironment(process.env),
        NODE_ENV: "production",
        SLUICE_STATE_URL: databases.stateEngineUrl,
        SLUICE_STATE_PORTAL_URL: databases.statePortalUrl,
      },
      patience: 30_000,
    },
    runtime: {
      name: "runtime",
      command: script("infra/local-runtime/main.ts"),
      env: { ...common, ...fetchingEnvironment(process.env), NODE_ENV: "production" },
      patience: 20_000,
    },
  };
}

function settings(env: Env): Record<string, string> {
  return {
    SLUICE_HOME: env.SLUICE_HOME,
    SLUICE_CACHE: env.SLUICE_CACHE,
    SLUICE_BIND: env.SLUICE_BIND,
    SLUICE_START_SECONDS: String(env.SLUICE_START_SECONDS),
    SLUICE_GOOGLE_SETTLE_SECONDS: String(env.SLUICE_GOOGLE_SETTLE_SECONDS),
    SLUICE_OPERATIONS: String(env.SLUICE_OPERATIONS),
    PORT: String(env.PORT),
    LOG_LEVEL: env.LOG_LEVEL,
    ...(env.SLUICE_URL && { SLUICE_URL: env.SLUICE_URL }),
    ...(env.SLUICE_GOOGLE_ENDPOINT && { SLUICE_GOOGLE_ENDPOINT: env.SLUICE_GOOGLE_ENDPOINT }),
    NODE_COMPILE_CACHE: path.join(env.SLUICE_CACHE, "compile"),
  };
}
