import path from "node:path";
import { readEnv } from "#lib/env.ts";
import { awaitHealth, loopbackUrl, publicUrl } from "#infra/start/await-health.ts";
import { openDatabase } from "#infra/start/database.ts";
import { enterHome, type Started } from "#infra/start/home.ts";
import { parts } from "#infra/start/parts.ts";
import { requireFreePort } from "#infra/start/port.ts";
import { buildPages, generateClient, root } from "#infra/start/prepare.ts";
import { removeRunFile, writeRunFile } from "#infra/start/run-file.ts";
import { onStopRequest } from "#infra/start/stop-request.ts";
import { supervise, type Supervised } from "#infra/start/supervise.ts";
import { openTerminal } from "#infra/start/terminal.ts";
import { startTimeOf } from "#infra/processes/start-time.ts";

const dev = process.argv.includes("--dev");
const terminal = openTerminal();
const stopRequest = onStopRequest();
// What has to be undone at the end, the last first.
const undo: (() => Promise<void>)[] = [];

async function start(): Promise<void> {
  const env = readEnv();
  const home = await enterHome(env.SLUICE_HOME);
  undo.push(() => home.leave());
  await requireFreePort(env.SLUICE_BIND, env.PORT);

  const { databases, key, stop } = await openDatabase(env, terminal);
  undo.push(stop);
  await generateClient(terminal);
  if (!dev) await buildPages(terminal, env.SLUICE_URL ? { SLUICE_URL: env.SLUICE_URL } : {});
  stopRequest.signal.throwIfAborted();

  const url = publicUrl(env);
  await writeRunFile(env.SLUICE_HOME, { ...databases, url, pid: process.pid, port: env.PORT });
  undo.push(() => removeRunFile(env.SLUICE_HOME));

  const supervised: Supervised[] = [];
  const remember = () => void home.remember(supervised.flatMap(identify));
  const options = { logFolder: path.join(env.SLUICE_HOME, "logs"), cwd: root, say: terminal.say, onChange: remember };
  undo.push(async () => {
    for (const one of supervised) await one.stop();
  });
  for (const part of parts(env, databases, key, dev)) supervised.push(supervise(part, options));
  remember();

  await terminal.step("Starting the portal", "Portal answers", () => awaitHealth(loopbackUrl(env), stopRequest.signal));
  terminal.say(`\nSluice is ready on ${url}`);
}

function identify(one: Supervised): Started[] {
  const pid = one.pid();
  const startTime = pid === null ? null : startTimeOf(pid);
  return pid === null || startTime === null ? [] : [{ name: one.name, pid, startTime }];
}

async function stop(): Promise<void> {
  for (const step of undo.reverse()) await step();
}

let exitCode = 0;
try {
  await start();
  await stopRequest.asked;
} catch (error) {
  if (!stopRequest.signal.aborted) {
    process.stderr.write(`\n${(error as Error).message}\n`);
    exitCode = 1;
  }
}
if (stopRequest.signal.aborted) terminal.say("\nStopping …");
await stop();
process.exit(exitCode);
