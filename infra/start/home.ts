import { renameSync, writeFileSync } from "node:fs";
import { mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readRunFile } from "#infra/start/run-file.ts";
import { tryLock } from "#infra/processes/lock.ts";
import { startTimeOf } from "#infra/processes/start-time.ts";

/** A process that `npm start` began, named so that a pid used again isn't taken for it. */
export type Started = { name: string; pid: number; startTime: string };

export type Home = {
  /** Writes down what runs, so that the next start can end it if this one is killed. */
  remember(processes: Started[]): void;
  leave(): Promise<void>;
};

/**
 * Makes the data folder if it isn't there, takes it for this process alone, and ends what a killed start left
 * running on it.
 *
 * @throws Error with what to do, if the folder can't be written or another start holds it
 */
export async function enterHome(folder: string): Promise<Home> {
  await makeWritable(folder);
  const file = path.join(folder, "lock");
  // By its real path: another name for the same folder is no way round.
  const lock = await tryLock(await realpath(folder));
  if (!lock) {
    throw new Error(await whoRuns(folder, file));
  }
  await endLeftovers(await readStarted(file));
  const self = { name: "start", pid: process.pid, startTime: startTimeOf(process.pid) ?? "" };
  // At once and whole: two that overlap would leave neither.
  const remember = (processes: Started[]) => {
    writeFileSync(`${file}.new`, `${JSON.stringify([self, ...processes])}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  remember([]);
  return {
    remember,
    async leave() {
      await rm(file, { force: true });
      await lock.release();
    },
  };
}

async function whoRuns(folder: string, lockFile: string): Promise<string> {
  const [holder] = await readStarted(lockFile);
  const who = holder ? `process ${holder.pid}` : "another process";
  const running = await readRunFile(folder).catch(() => null);
  // One that was killed left its address behind: it isn't that of a start that has none yet.
  const where = running && running.pid === holder?.pid ? `: open ${running.url}` : "";
  return `Sluice already runs on ${folder} (${who})${where}. Stop it first to start it anew, or give this one another folder by SLUICE_HOME and another PORT.`;
}

async function makeWritable(folder: string): Promise<void> {
  const trial = path.join(folder, `.writable-${process.pid}`);
  try {
    await makeFolder(folder);
    await makeFolder(path.join(folder, "logs"));
    await writeFile(trial, "");
    await rm(trial);
  } catch (cause) {
    throw new Error(
      `Sluice can't write to its data folder ${folder} (${(cause as NodeJS.ErrnoException).code}). ` +
        "Make the folder writable for this user, or choose another by SLUICE_HOME.",
      { cause },
    );
  }
}

/** Node's own recursive `mkdir` never ends where the kernel says "no such folder" to a new one, as under /proc. */
async function makeFolder(folder: string): Promise<void> {
  const make = () => mkdir(folder, { mode: 0o700 });
  try {
    await make();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || path.dirname(folder) === folder) throw error;
    await makeFolder(path.dirname(folder));
    await make();
  }
}

async function readStarted(file: string): Promise<Started[]> {
  const text = await readFile(file, "utf8").catch(() => "[]");
  try {
    return JSON.parse(text) as Started[];
  } catch {
    return []; // written half when the machine went down: whatever it named is gone too
  }
}

/** Whoever holds the lock is the only start, so what an older one wrote down has no parent any more. */
async function endLeftovers(processes: Started[]): Promise<void> {
  for (const [signal, milliseconds] of [
    ["SIGTERM", 10_000],
    ["SIGKILL", 5_000],
  ] as const) {
    const alive = () => processes.filter((one) => startTimeOf(one.pid) === one.startTime);
    for (const one of alive()) process.kill(one.pid, signal);
    const until = Date.now() + milliseconds;
    while (alive().length > 0 && Date.now() < until) await sleep(50);
  }
}
