import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, expect, inject, test } from "vitest";
import { onDatabase } from "#infra/postgres/connect.ts";
import { setUpGiven, type Databases } from "#infra/postgres/databases.ts";
import { raiseStackFence } from "#infra/postgres/stack-fence.ts";

// A server that was given, by a role that may do more or less.
const adminUrl = inject("postgresUrl");
const unique = randomBytes(4).toString("hex");
const secret = randomBytes(32);
const made: string[] = [];

afterAll(() =>
  onDatabase(adminUrl, async (client) => {
    for (const name of made) {
      await client.query(`drop database if exists ${name}_state with (force)`);
      await client.query(`drop database if exists ${name} with (force)`);
      await client.query(`drop role if exists ${name}_engine`);
      await client.query(`drop role if exists ${name}`);
    }
  }),
);

async function given(name: string, rights: string): Promise<string> {
  const role = `given_${unique}_${name}`;
  made.push(role);
  await onDatabase(adminUrl, async (client) => {
    await client.query(`create role ${role} login password 'pw' ${rights}`);
    await client.query(`create database ${role} owner ${role}`);
  });
  const url = new URL(adminUrl);
  return Object.assign(url, { username: role, password: "pw", pathname: `/${role}` }).href;
}

/** As the engine does: a write to its state, under a fence. */
async function write(databases: Databases, fence: number | null, key = "x/.pulumi/stacks/sluice/dep-a.json") {
  await onDatabase(databases.stateEngineUrl, async (client) => {
    if (fence !== null) await client.query("select set_config('sluice.fence', $1, false)", [String(fence)]);
    await client.query(
      `insert into pulumi_state (key, data) values ($1, '{}') on conflict (key) do update set data = excluded.data`,
      [key],
    );
  });
}

async function provesFence(databases: Databases): Promise<void> {
  await expect(write(databases, 1)).rejects.toThrow("stale fence 1 for dep-a, current none");
  await raiseStackFence(databases.statePortalUrl, "dep-a", 7);
  await write(databases, 7);
  await raiseStackFence(databases.statePortalUrl, "dep-a", 8);
  await raiseStackFence(databases.statePortalUrl, "dep-a", 6); // never lowers
  await expect(write(databases, 7)).rejects.toThrow("stale fence 7 for dep-a, current 8");
  await expect(write(databases, null)).rejects.toThrow("stale fence none for dep-a, current 8");
  await write(databases, 8);
  await write(databases, null, "x/.pulumi/meta.yaml"); // a row of no stack
}

const where = (url: string) => {
  const { username, pathname, searchParams } = new URL(url);
  return { username, database: pathname.slice(1), options: searchParams.get("options") };
};

test("a role that may create databases and roles gets a second database, and the engine a role of its own", async () => {
  const url = await given("all", "createdb createrole");
  const databases = await setUpGiven(url, undefined, secret);
  const name = `given_${unique}_all`;
  expect(where(databases.stateEngineUrl)).toMatchObject({
    username: `${name}_engine`,
    database: `${name}_state`,
  });
  expect(where(databases.statePortalUrl)).toMatchObject({ username: name, database: `${name}_state` });
  await provesFence(databases);
  // The engine's role has no way to the fences.
  const forge = onDatabase(databases.stateEngineUrl, (client) =>
    client.query("update stack_fence set fence = 1"),
  );
  await expect(forge).rejects.toThrow(/permission denied/);
  // A second start finds it all there and changes nothing.
  expect(await setUpGiven(url, undefined, secret)).toEqual(databases);
  await expect(write(databases, 7)).rejects.toThrow(/stale fence/);
});

test("a role that may create databases alone gets a second database", async () => {
  const databases = await setUpGiven(await given("db", "createdb"), undefined, secret);
  const name = `given_${unique}_db`;
  expect(where(databases.stateEngineUrl)).toMatchObject({ username: name, database: `${name}_state` });
  await provesFence(databases);
});

test("a role that may create nothing gets a schema in its own database", async () => {
  const databases = await setUpGiven(await given("none", ""), undefined, secret);
  const name = `given_${unique}_none`;
  const options = "-csearch_path=sluice_state";
  expect(where(databases.stateEngineUrl)).toEqual({ username: name, database: name, options });
  await provesFence(databases);
});

test("SLUICE_STATE_URL is used as it is", async () => {
  const stateUrl = await given("state", "");
  const databases = await setUpGiven(await given("portal", ""), stateUrl, secret);
  expect(where(databases.stateEngineUrl).database).toBe(`given_${unique}_state`);
  expect(databases.statePortalUrl).toBe(databases.stateEngineUrl);
  await provesFence(databases);
});

test("a raise waits for a write that passed the check, so that none is under way after it", async () => {
  const databases = await setUpGiven(await given("race", "createdb"), undefined, secret);
  await raiseStackFence(databases.statePortalUrl, "dep-a", 1);
  const writer = new pg.Client({ connectionString: databases.stateEngineUrl });
  await writer.connect();
  await writer.query("begin; set local sluice.fence = '1'");
  await writer.query(
    "insert into pulumi_state (key, data) values ('x/.pulumi/stacks/sluice/dep-a.json', '{}')",
  );
  let raised = false;
  const raising = raiseStackFence(databases.statePortalUrl, "dep-a", 2).then(() => (raised = true));
  await onDatabase(databases.statePortalUrl, (client) =>
    expect
      .poll(async () => {
        const { rows } = await client.query("select 1 from pg_stat_activity where wait_event_type = 'Lock'");
        return rows.length;
      })
      .toBeGreaterThan(0),
  );
  expect(raised).toBe(false);
  await writer.query("commit");
  await writer.end();
  await raising;
  expect(raised).toBe(true);
});

test("a server that can't be reached is named, without its password", async () => {
  const url = "postgres://someone:s3cret@127.0.0.1:1/sluice";
  const error = await setUpGiven(url, undefined, secret).catch((thrown: Error) => thrown);
  expect(String(error)).toContain("127.0.0.1:1");
  expect(String(error)).not.toContain("s3cret");
});
