import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actorFromRequest } from "#lib/auth/actor-from-request.ts";
import { openAuth } from "#lib/auth/auth.ts";
import { openDb } from "#lib/db.ts";
import { SluiceError } from "#lib/errors.ts";
import { FreezingProxy } from "#prisma/freezing-proxy-for-test.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";
import { asSluiceError } from "#lib/web/unexpected.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "no error";
  } catch (error) {
    return asSluiceError(error).code;
  }
}

test("a database that can't be reached reads as unavailable, whatever was asked of it", async () => {
  const away = openDb("postgres://nobody@127.0.0.1:1/none");
  expect(await codeOf(away.user.findFirst())).toBe("unavailable");
  expect(await codeOf(away.$queryRaw`select 1`)).toBe("unavailable");
  expect(await codeOf(away.$transaction((tx) => tx.user.findFirst()))).toBe("unavailable");
  const auth = openAuth({ ...portal, db: away });
  const cookie = await portal.adminCookie();
  expect(await codeOf(actorFromRequest({ ...portal, auth, db: away }, new Headers({ cookie })))).toBe(
    "unavailable",
  );
  await away.$disconnect();
});

test("a database that goes away in the middle reads as unavailable, and the next question is answered", async () => {
  const sleep = () => portal.db.$queryRaw`select pg_sleep(20)::text`;
  const asked = [
    codeOf(sleep()),
    codeOf(portal.db.$transaction((tx) => tx.$queryRaw`select pg_sleep(20)::text`)),
  ];
  const admin = new pg.Client({ connectionString: portal.env.DATABASE_URL });
  await admin.connect();
  let ended = 0;
  await expect
    .poll(async () => {
      const { rowCount } = await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep%' and datname = current_database()",
      );
      ended += rowCount ?? 0;
      return ended;
    })
    .toBe(2);
  await admin.end();
  expect(await Promise.all(asked)).toEqual(["unavailable", "unavailable"]);
  expect(await portal.db.$queryRaw`select 1 as one`).toEqual([{ one: 1 }]);
});

test("a database that is frozen reads as unavailable in bounded time, and is asked again once it moves", async () => {
  const frozen = new FreezingProxy(portal.env.DATABASE_URL ?? "");
  const db = openDb(await frozen.listen(), 2, 300);
  const insert = (name: string) =>
    db.$transaction(async (tx) => {
      await tx.setting.create({ data: { name, value: "1" } });
      if (name === "lost") frozen.freeze();
      await tx.setting.create({ data: { name: `${name}-2`, value: "1" } });
    });
  await insert("kept");
  expect(await codeOf(insert("lost"))).toBe("unavailable");
  frozen.thaw();
  await expect.poll(() => codeOf(db.$queryRaw`select 1`)).toBe("no error");
  frozen.freeze();
  expect(await codeOf(db.user.findFirst())).toBe("unavailable");
  frozen.thaw();
  await expect.poll(() => codeOf(insert("after"))).toBe("no error");
  expect((await portal.db.setting.findMany({ orderBy: { name: "asc" } })).map((row) => row.name)).toEqual([
    "after",
    "after-2",
    "kept",
    "kept-2",
  ]);
  await db.$disconnect();
  await frozen.close();
});

test("a connection that nobody used for as long as the patience lasts isn't taken for a database that is away", async () => {
  const silenceMs = 2_000;
  const db = openDb(portal.env.DATABASE_URL ?? "", 2, silenceMs);
  const ask = () => codeOf(db.$queryRaw`select 1`);
  for (let round = 0; round < 3; round++) {
    expect(await ask()).toBe("no error");
    // The event loop is busy when the patience ends, as it is where a page is rendered: the next query then comes
    // in the same turn, before it is known that the connection is closed.
    const busyUntil = performance.now() + silenceMs;
    const asked = new Promise<string>((resolve) => {
      setTimeout(() => setImmediate(() => resolve(ask())), 1);
    });
    while (performance.now() < busyUntil + 2);
    // Answered before it is busy again: what is silent while it is in use is given up.
    expect(await asked).toBe("no error");
  }
  await db.$disconnect();
});

test("a defect stays one", () => {
  expect(asSluiceError(new TypeError("x is undefined")).code).toBe("internal");
  expect(asSluiceError("a text").code).toBe("internal");
  const own = new SluiceError("conflict", "No.");
  expect(asSluiceError(own)).toBe(own);
});
