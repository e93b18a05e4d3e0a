import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { postgresBinaries, type PostgresBinaries } from "#infra/postgres/binaries.ts";
import { freePort } from "#infra/postgres/free-port.ts";
import { endOrphan, endServer } from "#infra/postgres/orphan.ts";

export type EmbeddedPostgres = {
  /** URL of the maintenance database, as superuser */
  adminUrl: string;
  port: number;
  pid: number;
  /** settles when the server has ended, for whatever reason */
  ended: Promise<void>;
  stop(): Promise<void>;
};

/** How long processes of a killed server may take to end, in milliseconds. */
const orphansMs = 15_000;

/**
 * Starts the Postgres that comes with the portal, on the loopback address only, making its data folder if there
 * is none. A server that a killed start left behind on that folder is ended first.
 *
 * @param options.folder holds `data/`, the superuser's password and the server's log; made if missing
 * @param options.port the port to listen on; without it a free one
 * @param options.fsync false where losing the data with the machine doesn't matter: tests
 * @throws Error with the end of the server's log if it doesn't start
 */
export async function startPostgres(options: {
  folder: string;
  port?: number;
  fsync?: boolean;
}): Promise<EmbeddedPostgres> {
  const { folder, fsync = true } = options;
  const data = path.join(folder, "data");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const binaries = await postgresBinaries();
  const password = await superuserPassword(folder);
  await initialise(binaries, folder, fsync);
  await endOrphan(data);

  const until = Date.now() + orphansMs;
  // A port found free can be taken before the server binds it: rare, so a few tries are enough.
  let portTries = 1;
  for (;;) {
    const port = options.port ?? (await freePort());
    const logFile = path.join(folder, "log");
    const { pid, ended } = await launch(binaries, data, logFile, port, fsync);
    const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    try {
      await untilReady(adminUrl, ended);
    } catch (cause) {
      await endServer(pid);
      const lines = await lastLines(logFile);
      const portTaken = lines.includes("Address already in use");
      // Those that a killed server had started end by themselves, but not at once.
      const hasOrphans = /shared memory block .* is still in use/.test(lines);
      if ((portTaken && portTries++ < 4) || (hasOrphans && Date.now() < until)) {
        await sleep(400);
        continue;
      }
      throw new Error(`The embedded Postgres didn't start. The end of its log (${logFile}):\n${lines}`, {
        cause,
      });
    }
    return { adminUrl, port, pid, ended, stop: () => endServer(pid) };
  }
}

async function superuserPassword(folder: string): Promise<string> {
  const file = path.join(folder, "password");
  const kept = await readFile(file, "utf8").catch(() => null);
  if (kept) return kept.trim();
  const password = randomBytes(24).toString("hex");
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/** Under another name first, so that a start killed in the middle leaves nothing half made. */
async function initialise(binaries: PostgresBinaries, folder: string, fsync: boolean): Promise<void> {
  const data = path.join(folder, "data");
  if (await readFile(path.join(data, "PG_VERSION")).catch(() => null)) return;
  const making = path.join(folder, "data.making");
  await rm(making, { recursive: true, force: true });
  const { program, before } = binaries.initdb;
  const settings = [`--pgdata=${making}`, "--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8"];
  settings.push("--locale=C", `--pwfile=${path.join(folder, "password")}`, ...(fsync ? [] : ["--no-sync"]));
  try {
    await promisify(execFile)(program, [...before, ...settings], { env: bareEnvironment() });
  } catch (cause) {
    const said = String((cause as { stderr?: string }).stderr ?? "").trim();
    throw new Error(`The embedded database couldn't be made in ${folder}: ${said}`, { cause });
  }
  await chmod(making, 0o700);
  await rename(making, data);
}

/** In a session of its own, so that Ctrl-C in the terminal reaches Postgres last and through us. */
async function launch(
  binaries: PostgresBinaries,
  data: string,
  logFile: string,
  port: number,
  fsync: boolean,
): Promise<{ pid: number; ended: Promise<void> }> {
  const { program, before } = binaries.postgres;
  const settings = ["listen_addresses=127.0.0.1", `port=${port}`, "unix_socket_directories=", "jit=off"];
  settings.push("max_connections=100", "log_timezone=UTC", "timezone=UTC");
  if (!fsync) settings.push("fsync=off", "synchronous_commit=off", "full_page_writes=off");
  const log = await open(logFile, "w", 0o600);
  try {
    const child = spawn(program, [...before, "-D", data, ...settings.flatMap((setting) => ["-c", setting])], {
      stdio: ["ignore", log.fd, log.fd],
      env: bareEnvironment(),
      detached: true,
    });
    const ended = new Promise<void>((resolve, reject) =>
      child.once("exit", () => resolve()).once("error", reject),
    );
    if (!child.pid) await ended;
    return { pid: child.pid!, ended };
  } finally {
    await log.close();
  }
}

/** Nothing of ours: the server neither needs nor may see the portal's settings. */
function bareEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC", NODE_ENV: "production" };
}

async function untilReady(url: string, ended: Promise<void>): Promise<void> {
  let over = false;
  void ended.then(() => (over = true));
  // Replaying the log after a crash can take a while.
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    if (over) throw new Error("The server ended.");
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error("The server didn't answer within a minute.");
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trim().split("\n").slice(-10).join("\n");
}
