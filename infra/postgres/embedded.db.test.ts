import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { onDatabase } from "#infra/postgres/connect.ts";
import { startPostgres, type EmbeddedPostgres } from "#infra/postgres/embedded.ts";
import { startTimeOf } from "#infra/processes/start-time.ts";

let outer: string;
let folder: string;

beforeAll(async () => {
  // As in the home of root: nobody else may enter, and Postgres still must.
  outer = await mkdtemp(path.join(tmpdir(), "sluice-embedded-"));
  await chmod(outer, 0o700);
  folder = path.join(outer, "postgres");
});
afterAll(() => rm(outer, { recursive: true, force: true }));

const start = () => startPostgres({ folder, fsync: false });
const count = (server: EmbeddedPostgres) =>
  onDatabase(server.adminUrl, async (client) => {
    const { rows } = await client.query<{ n: number }>("select count(*)::int as n from kept");
    return rows[0]!.n;
  });

test("it is made on the first start, and what was written is there on the second", async () => {
  const first = await start();
  await onDatabase(first.adminUrl, (client) => client.query("create table kept as select 1 as n"));
  await first.stop();
  await first.ended;
  expect(startTimeOf(first.pid)).toBeNull();

  const second = await start();
  expect(await count(second)).toBe(1);
  await second.stop();
});

test("it asks for the password, which only its owner can read, and listens on the loopback address alone", async () => {
  const server = await start();
  try {
    const file = await stat(path.join(folder, "password"));
    expect(file.mode & 0o777).toBe(0o600);
    const wrong = Object.assign(new URL(server.adminUrl), { password: "wrong" }).href;
    await expect(onDatabase(wrong, (client) => client.query("select 1"))).rejects.toThrow(/password/);
    const settings = await onDatabase(server.adminUrl, async (client) => {
      const { rows } = await client.query<{ name: string; setting: string }>(
        "select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories')",
      );
      return Object.fromEntries(rows.map((row) => [row.name, row.setting]));
    });
    expect(settings).toEqual({ listen_addresses: "127.0.0.1", unix_socket_directories: "" });
    const password = (await readFile(path.join(folder, "password"), "utf8")).trim();
    expect(await readFile(`/proc/${server.pid}/cmdline`, "utf8")).not.toContain(password);
  } finally {
    await server.stop();
  }
});

test("a server whose starter was killed is ended by the next start: never two on one folder", async () => {
  const script = `
    import { startPostgres } from "#infra/postgres/embedded.ts";
    const { pid } = await startPostgres({ folder: process.argv[1], fsync: false });
    console.log(pid);
    process.kill(process.pid, "SIGKILL");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  await once(child, "close");
  const orphan = Number(output);
  expect(startTimeOf(orphan)).not.toBeNull();

  const server = await start();
  expect(startTimeOf(orphan)).toBeNull();
  expect(await count(server)).toBe(1);
  await server.stop();
});

test("a pid file left by a crash is no obstacle, even if its pid is somebody else's now", async () => {
  await writeFile(path.join(folder, "data/postmaster.pid"), `${process.pid}\n/elsewhere\n`);
  const server = await start();
  expect(await count(server)).toBe(1);
  await server.stop();
});

test("a killed server can be started again on its port", async () => {
  const first = await start();
  process.kill(first.pid, "SIGKILL");
  await first.ended;
  const second = await startPostgres({ folder, fsync: false, port: first.port });
  expect(second.port).toBe(first.port);
  expect(await count(second)).toBe(1);
  await second.stop();
});
