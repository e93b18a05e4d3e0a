import { readFile, readlink, realpath, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startTimeOf } from "#infra/processes/start-time.ts";

/**
 * Ends a server that still runs on a data folder though whoever started it was killed, and removes the pid file
 * of one that no longer runs. Two servers on one folder would destroy it, so this comes before every start.
 *
 * @param dataFolder the server's own folder, with `postmaster.pid` in it
 */
export async function endOrphan(dataFolder: string): Promise<void> {
  const pidFile = path.join(dataFolder, "postmaster.pid");
  const text = await readFile(pidFile, "utf8").catch(() => null);
  if (text === null) return;
  const pid = Number(text.split("\n", 1)[0]);
  if (await servesFolder(pid, dataFolder)) await endServer(pid);
  await rm(pidFile, { force: true });
}

/** Asks a server to stop: at once but in order; after ten seconds without waiting for anything. */
export async function endServer(pid: number): Promise<void> {
  const began = startTimeOf(pid);
  if (began === null) return;
  for (const [signal, milliseconds] of [
    ["SIGINT", 10_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    if (startTimeOf(pid) !== began) return;
    process.kill(pid, signal);
    if (await gone(pid, began, milliseconds)) return;
  }
  throw new Error(`Postgres (process ${pid}) doesn't end. End it yourself, then start Sluice again.`);
}

/** A server's working folder is its data folder, so a pid that was used again isn't taken for it. */
async function servesFolder(pid: number, dataFolder: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid < 2) return false;
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(dataFolder));
  } catch {
    return false;
  }
}

async function gone(pid: number, began: string, milliseconds: number): Promise<boolean> {
  const until = Date.now() + milliseconds;
  while (Date.now() < until) {
    if (startTimeOf(pid) !== began) return true;
    await sleep(50);
  }
  return false;
}
