import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { supervise, type Part, type Supervised } from "#infra/start/supervise.ts";
import { startTimeOf } from "#infra/processes/start-time.ts";

let folder: string;
let said: string[];
let supervised: Supervised | null;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-supervise-"));
  said = [];
  supervised = null;
});
afterEach(async () => {
  await supervised?.stop();
  await rm(folder, { recursive: true });
});

function start(
  script: string,
  more: Partial<Part> = {},
  pauses: { firstPause?: number; goodRun?: number } = {},
) {
  const part: Part = {
    name: "part",
    command: ["sh", "-c", script],
    env: { WORD: "hello" },
    patience: 5_000,
    ...more,
  };
  const options = {
    logFolder: folder,
    cwd: folder,
    say: (line: string) => said.push(line),
    onChange: () => undefined,
  };
  supervised = supervise(part, { ...options, firstPause: 20, longestPause: 80, ...pauses });
  return supervised;
}

const log = () => readFile(path.join(folder, "part.log"), "utf8").catch(() => "");

test("its output goes to its own log, with the environment that it was given and no other", async () => {
  start('echo "$WORD $HOME."; exec sleep 60');
  await expect.poll(log).toBe("hello .\n");
});

test("what dies is started again, after longer and longer pauses up to the longest", async () => {
  start("echo run; exit 3");
  await expect.poll(() => said.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(5);
  const pauses = said.map((line) => /again in ([\d.]+) s/.exec(line)?.[1]);
  expect(pauses.slice(0, 5)).toEqual(["0.02", "0.04", "0.08", "0.08", "0.08"]);
  expect(said[0]).toContain("code 3");
});

test("after a good run the pauses begin anew", async () => {
  start("exit 0", {}, { goodRun: 0 });
  await expect.poll(() => said.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(3);
  expect(said.slice(0, 3).every((line) => line.includes("again in 0.02 s"))).toBe(true);
});

test("a killed one comes back under a new pid", async () => {
  const one = start("exec sleep 60");
  const first = one.pid()!;
  process.kill(first, "SIGKILL");
  await expect.poll(() => one.pid() !== null && one.pid() !== first).toBe(true);
  expect(said).toEqual([expect.stringContaining("SIGKILL")]);
});

test("a program that can't be started is tried again too", async () => {
  start("", { command: [path.join("/nonexistent", "program")] });
  await expect.poll(() => said.length).toBeGreaterThanOrEqual(2);
  expect(said[0]).toContain("ENOENT");
});

test("stopping lets it finish, and doesn't start it again", async () => {
  const one = start("trap 'echo finished; exit 0' TERM; echo up; while :; do sleep 0.05; done");
  await expect.poll(log).toBe("up\n");
  await one.stop();
  expect(await log()).toBe("up\nfinished\n");
  expect(one.pid()).toBeNull();
  expect(said).toEqual([]);
});

test("one that doesn't stop in its time is ended", async () => {
  const one = start("trap '' TERM; echo up; while :; do sleep 0.05; done", { patience: 100 });
  await expect.poll(log).toBe("up\n");
  const pid = one.pid()!;
  await one.stop();
  expect(startTimeOf(pid)).toBeNull();
});

test("one that takes its time to stop hurries when it is told again", async () => {
  const script =
    "n=0; trap 'n=$((n+1)); echo $n; [ $n -eq 2 ] && exit 0' TERM; echo up; while :; do sleep 0.05; done";
  const one = start(script, { patience: 60_000 });
  await expect.poll(log).toBe("up\n");
  const stopped = one.stop();
  await expect.poll(log).toBe("up\n1\n");
  one.hurry();
  await stopped;
  expect(await log()).toBe("up\n1\n2\n");
});

test("one whose turn hasn't come is stopped at once in a hurry, and ended if it doesn't listen", async () => {
  const one = start("trap '' TERM; echo up; while :; do sleep 0.05; done", { patience: 100 });
  await expect.poll(log).toBe("up\n");
  const pid = one.pid()!;
  one.hurry();
  await expect.poll(() => startTimeOf(pid)).toBeNull();
  await one.stop();
});
