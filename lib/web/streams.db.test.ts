import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createApiKey, revokeApiKey } from "#lib/auth/api-keys.ts";
import { publish } from "#lib/changes/publish.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { readHealth } from "#lib/web/health.ts";
import { openDb } from "#lib/db.ts";
import { endWhenSignedOut } from "#lib/web/end-when-signed-out.ts";
import { eventStream } from "#lib/web/event-stream.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";
import { VisibleChanges } from "#lib/web/visible-changes.ts";
import pg from "pg";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

test("hints of other people's deployments reach an admin alone", async () => {
  const [ada, bob, root] = [
    await portal.person("Ada"),
    await portal.person("Bob"),
    await portal.person("Root", "admin"),
  ];
  const { id } = await createDeployment(ada, {
    name: "hint",
    target: "local",
    model: { preset: "sentiment" },
  });
  const change = { topic: "deployment", deploymentId: id } as const;
  const sees = (ctx: typeof ada) => new VisibleChanges(ctx).sees(change);
  expect([await sees(ada), await sees(bob), await sees(root)]).toEqual([true, false, true]);
  expect(await new VisibleChanges(bob).sees({ topic: "tools" })).toBe(true);
  expect(await new VisibleChanges(bob).sees({ topic: "keys", deploymentId: id })).toBe(false);
});

test("a lost database is told, and its return with a gap; hints go on", async () => {
  const heard: unknown[] = [];
  const stop = portal.changes.listen((change) =>
    heard.push(typeof change === "string" ? change : change.topic),
  );
  const announce = () => publish(portal.db, { topic: "tools" });
  await expect.poll(async () => (await announce(), heard)).toContain("tools");
  const admin = new pg.Client({ connectionString: portal.env.DATABASE_URL });
  await admin.connect();
  await admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'",
  );
  await admin.end();
  await expect.poll(() => heard, { timeout: 5_000 }).toEqual(expect.arrayContaining(["lost", "gap"]));
  heard.length = 0;
  await announce();
  await expect.poll(() => heard).toContain("tools");
  stop();
});

test("asked for its headers alone, a stream doesn't begin", async () => {
  let begun = false;
  const answer = eventStream(new Request("http://localhost/", { method: "HEAD" }), async () => {
    begun = true;
  });
  expect([answer.headers.get("content-type"), answer.body, begun]).toEqual([
    "text/event-stream; charset=utf-8",
    null,
    false,
  ]);
});

test("a stream writes ids, names and data, and ends when its work does", async () => {
  const request = new Request("http://localhost/");
  const answer = eventStream(request, async (writer) => {
    writer.send({ id: 7, event: "change", data: { a: "x\ny" } });
    writer.close();
    writer.send({ data: "after the end" });
  });
  expect(await answer.text()).toBe('retry: 1000\n\nid: 7\nevent: change\ndata: {"a":"x\\ny"}\n\n');
  expect(answer.headers.get("x-accel-buffering")).toBe("no");
});

test("a reader that has stalled is cut off, and what waited for it is let go", async () => {
  let written = 0;
  const answer = eventStream(new Request("http://localhost/"), async (writer) => {
    while (!writer.signal.aborted && written < 100) {
      writer.send({ data: "x".repeat(1024 * 1024) });
      written += 1;
    }
  });
  await expect(answer.text()).rejects.toThrow("stalled");
  expect(written).toBeLessThan(10);
});

test("a stream ends when its key is revoked, and not because the database is away", async () => {
  const ctx = await portal.person("Reader");
  const { id, key } = await createApiKey(ctx, { name: "k" });
  const request = new Request("http://localhost/", { headers: { authorization: `Bearer ${key}` } });
  const lost = openDb("postgres://nobody@127.0.0.1:1/none");
  const looks = vi.spyOn(lost.apiKey, "findUnique");
  const [kept, ended] = [new AbortController(), new AbortController()];
  const writer = (end: AbortController) => ({ signal: end.signal, close: () => end.abort() });
  endWhenSignedOut({ ...portal, db: lost }, request, writer(kept), 5);
  endWhenSignedOut(portal, request, writer(ended), 5);
  await expect.poll(() => looks.mock.calls.length).toBeGreaterThan(2);
  expect([kept.signal.aborted, ended.signal.aborted]).toEqual([false, false]);
  await revokeApiKey(ctx, id);
  await expect.poll(() => ended.signal.aborted).toBe(true);
  kept.abort();
  await lost.$disconnect();
});

test("a stream whose reader is gone already does nothing", async () => {
  let wrote = false;
  const request = new Request("http://localhost/", { signal: AbortSignal.abort() });
  const answer = eventStream(request, async () => {
    wrote = true;
  });
  expect(await answer.text()).toBe("");
  expect(wrote).toBe(false);
});

test("health says what is missing, and doesn't wait for a database that is away", async () => {
  await portal.db.targetState.create({ data: { name: "local", available: true, checkedAt: new Date() } });
  const well = await readHealth(portal.db);
  expect(well).toMatchObject({ status: "ok", database: { available: true }, engine: { status: "missing" } });
  expect(well.targets[0]).toEqual({ name: "local", available: true, reason: null });
  expect(well.targets.slice(1).every((target) => !target.available && target.reason)).toBe(true);
  await portal.db.targetState.update({
    where: { name: "local" },
    data: { available: false, reason: "No HAProxy." },
  });
  expect(await readHealth(portal.db)).toMatchObject({
    status: "degraded",
    targets: [{ reason: "No HAProxy." }, {}, {}],
  });
  const away = openDb("postgres://nobody@127.0.0.1:1/none");
  expect(await readHealth(away, 500)).toMatchObject({
    status: "unavailable",
    database: { available: false },
    targets: [],
  });
  await away.$disconnect();
});
