import { readdirSync, readFileSync } from "node:fs";
import { deploymentMarker, operationMarker } from "#infra/engine/child-environment.ts";
import type { EngineStack, EngineState } from "#infra/engine/driver.ts";
import { startTimeOf } from "#infra/processes/start-time.ts";

type Found = { pid: number; startTime: string };

/** The engine's memory after something was mended in it, and what was done, in sentences for the timeline's log. */
export type Mended = { state: EngineState | null; said: string[] };

type Markers = { deploymentId: string | undefined; operationId: string | undefined };

/** Processes of the engine or its plugins, by what they work on. */
function findEngineProcesses(isMeant: (markers: Markers) => boolean): Found[] {
  return readdirSync("/proc").flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    const env = environmentOf(pid);
    const markers = { deploymentId: env.get(deploymentMarker), operationId: env.get(operationMarker) };
    if (!isMeant(markers)) return [];
    const startTime = startTimeOf(pid);
    return startTime ? [{ pid, startTime }] : [];
  });
}

function environmentOf(pid: number): Map<string, string> {
  try {
    const pairs = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return new Map(
      pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    );
  } catch {
    // It ended, or is another user's.
    return new Map();
  }
}

/**
 * Ends what a dead run of the engine left running: the CLI, and plugins, which live on for minutes in groups of
 * their own and finish what they were told. Resolves when all are gone. What a newer operation of the same
 * deployment runs is left alone.
 */
export async function endEngineProcesses(operationId: string): Promise<void> {
  await endAll((found) => found.operationId === operationId);
}

/** @returns how many there were */
async function endAll(isMeant: (markers: Markers) => boolean): Promise<number> {
  const ended = new Set<string>();
  for (;;) {
    // Again and again, since one that was being started is only seen the next time.
    const found = findEngineProcesses(isMeant);
    if (found.length === 0) return ended.size;
    for (const { pid, startTime } of found) {
      if (startTimeOf(pid) === startTime) killQuietly(pid);
      ended.add(`${pid} ${startTime}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ends a process, if it is still the one that was written down: a pid is used again. */
export function endProcess(pid: number, startedAt: string | null): void {
  if (startedAt !== null && startTimeOf(pid) === startedAt) killQuietly(pid);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * Makes a stack usable after a run that died: ends what is left of it, takes its lock away, and drops the notes
 * of creates that were under way. Dropping them is safe here because every create is an idempotent PUT of a
 * deterministic name: the next attempt sends it again and adopts what is there.
 */
export async function recoverStack(
  stack: EngineStack,
  deploymentId: string,
  operationId: string,
): Promise<Mended> {
  const said: string[] = [];
  const ended = await endAll(
    (found) => found.deploymentId === deploymentId && found.operationId !== operationId,
  );
  if (ended > 0) said.push(`Ended ${ended} processes that an earlier attempt had left.`);
  await stack.unlock();
  const state = await stack.exportState();
  const pending = state?.deployment?.pending_operations ?? [];
  if (!state?.deployment || pending.length === 0) return { state, said };
  const mended = { ...state, deployment: { ...state.deployment, pending_operations: [] } };
  await stack.importState(mended);
  const names = pending.map(({ resource }) => resource.urn.split("::").slice(-2).join(" "));
  said.push(`An earlier attempt was stopped while it worked on ${names.join(", ")}: that is done again.`);
  return { state: mended, said };
}
