import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { enterHome } from "#infra/start/home.ts";
import { writeRunFile } from "#infra/start/run-file.ts";
import { startTimeOf } from "#infra/processes/start-time.ts";

let outer: string;
let folder: string;

beforeEach(async () => {
  outer = await mkdtemp(path.join(tmpdir(), "sluice-home-"));
  folder = path.join(outer, "a/home");
});
afterEach(() => rm(outer, { recursive: true, force: true }));

test("the folder is made for its owner alone, and is free again after leaving", async () => {
  const home = await enterHome(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  await home.leave();
  await (await enterHome(folder)).leave();
});

test("a second start on one folder is refused, and told whose it is", async () => {
  const home = await enterHome(folder);
  await expect(enterHome(folder)).rejects.toThrow(`already runs on ${folder} (process ${process.pid})`);
  await home.leave();
});

test("a second start is told where the first one answers, as soon as it does", async () => {
  const home = await enterHome(folder);
  const databases = { databaseUrl: "a", statePortalUrl: "b", stateEngineUrl: "c" };
  const url = "http://localhost:3456";
  // Left by one that was killed: it says nothing of the one that starts now.
  await writeRunFile(folder, { ...databases, url, pid: process.pid + 1, port: 3456 });
  const refused = await enterHome(folder).catch((error: unknown) => String(error));
  expect(refused).not.toContain(url);
  expect(refused).toContain("another folder by SLUICE_HOME");
  await writeRunFile(folder, { ...databases, url, pid: process.pid, port: 3456 });
  await expect(enterHome(folder)).rejects.toThrow(`(process ${process.pid}): open ${url}. Stop it first`);
  await home.leave();
});

test("what a killed start left running is ended, but never a process that only got its pid", async () => {
  const script = `
    import { enterHome } from "#infra/start/home.ts";
    import { startTimeOf } from "#infra/processes/start-time.ts";
    import { spawn } from "node:child_process";
    const home = await enterHome(process.argv[1]);
    const { pid } = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    home.remember([
      { name: "left", pid, startTime: startTimeOf(pid) },
      { name: "reused", pid: Number(process.argv[2]), startTime: "1" },
    ]);
    console.log(pid);
    process.kill(process.pid, "SIGKILL");`;
  const args = ["--input-type=module", "-e", script, folder, String(process.pid)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  await once(child, "close");
  const left = Number(output);
  expect(startTimeOf(left)).not.toBeNull();

  const home = await enterHome(folder);
  expect(startTimeOf(left)).toBeNull();
  const [self] = JSON.parse(await readFile(path.join(folder, "lock"), "utf8"));
  expect(self).toMatchObject({ name: "start", pid: process.pid });
  await home.leave();
});

test("a lock file that was half written is no obstacle", async () => {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "lock"), '[{"name":');
  await (await enterHome(folder)).leave();
});

test("a folder that can't be written is told with what to do, even where the kernel is odd about it", async () => {
  await writeFile(path.join(outer, "file"), "");
  for (const impossible of [path.join(outer, "file/home"), "/proc/sluice"]) {
    await expect(enterHome(impossible)).rejects.toThrow(
      new RegExp(`can't write to its data folder ${impossible} .*SLUICE_HOME`),
    );
  }
});

test("another name for the same folder is no way round the lock", async () => {
  const home = await enterHome(folder);
  const alias = path.join(outer, "alias");
  await symlink(folder, alias);
  await expect(enterHome(alias)).rejects.toThrow("already runs on");
  await home.leave();
});
