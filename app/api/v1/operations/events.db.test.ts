import { afterAll, beforeAll, expect, test, vi } from "vitest";
import * as events from "#app/api/v1/operations/[id]/events/route.ts";
import { createApiKey } from "#lib/auth/api-keys.ts";
import { systemClock } from "#lib/clock.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { begin } from "#lib/operations/begin.ts";
import { finish } from "#lib/operations/finish.ts";
import { testOrigin, testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

async function setUp(name: string) {
  const ctx = await portal.person(name);
  const { key } = await createApiKey(ctx, { name: "k" });
  const made = await createDeployment(ctx, {
    name: name.toLowerCase(),
    target: "local",
    model: { preset: "sentiment" },
  });
  const id = made.operation.id;
  const get = (query = "", headers: Record<string, string> = {}, signal?: AbortSignal) =>
    events.GET(
      new Request(`${testOrigin}/api/v1/operations/${id}/events${query}`, {
        headers: { authorization: `Bearer ${key}`, ...headers },
        signal,
      }),
      { params: Promise.resolve({ id }) },
    );
  const run = async () => {
    const begun = await begin(portal.db, {
      workerId: "w",
      host: "h",
      targets: ["local"],
      clock: systemClock,
    });
    if (!begun) throw new Error("Nothing is queued.");
    const deployment = { status: "ready", code: null, message: null } as const;
    return () =>
      finish(portal.db, begun, { status: "succeeded", code: null, message: null, deployment }, systemClock);
  };
  return { get, run, ctx };
}

function idsOf(text: string): number[] {
  return [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
}

test("the stream follows the rows as they come and ends after the last; a second look has all of them", async () => {
  const { get, run } = await setUp("Flow");
  const answer = await get();
  expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(answer.headers.get("cache-control")).toContain("no-transform");
  const whole = answer.text();
  const end = await run();
  await end();
  const text = await whole;
  expect(idsOf(text)).toEqual([1, 2, 3]);
  expect(text).toContain('"kind":"ended"');
  expect(portal.changes.listeners).toBe(0);
  expect(idsOf(await (await get()).text())).toEqual([1, 2, 3]);
});

test("a reader that comes back gets neither a gap nor a repeat, and is told when there is no more", async () => {
  const { get, run } = await setUp("Back");
  const end = await run();
  await end();
  expect(idsOf(await (await get("", { "last-event-id": "1" })).text())).toEqual([2, 3]);
  expect(idsOf(await (await get("?after=2")).text())).toEqual([3]);
  expect(idsOf(await (await get("?after=1", { "last-event-id": "2" })).text())).toEqual([3]);
  expect((await get("", { "last-event-id": "3" })).status).toBe(204);
});

test("as JSON by cursor", async () => {
  const { get, run } = await setUp("Json");
  const end = await run();
  await end();
  const seqs = async (answer: Response) =>
    ((await answer.json()) as { items: { seq: number }[] }).items.map((e) => e.seq);
  expect(await seqs(await get("?format=json&after=1"))).toEqual([2, 3]);
  expect(await seqs(await get("?limit=1", { accept: "application/json" }))).toEqual([1]);
  expect((await get("?after=x")).status).toBe(422);
  expect((await get("?after=2147483648")).status).toBe(422);
  expect(idsOf(await (await get("", { "last-event-id": "2147483648" })).text())).toEqual([1, 2, 3]);
});

test("a stream outlives a database that is away for a moment", async () => {
  const { get, run } = await setUp("Blip");
  const answer = await get();
  const whole = answer.text();
  await expect.poll(() => portal.changes.listeners).toBe(1);
  const away = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  const failing = vi.spyOn(portal.db.operation, "count").mockRejectedValueOnce(away);
  const end = await run();
  await expect.poll(() => failing.mock.results.length).toBeGreaterThan(0);
  await end();
  expect(idsOf(await whole)).toEqual([1, 2, 3]);
  failing.mockRestore();
});

test("a reader that leaves leaves no listener behind", async () => {
  const { get, run } = await setUp("Gone");
  const abort = new AbortController();
  const aborted = await get("", {}, abort.signal);
  const reader = aborted.body?.getReader();
  await reader?.read();
  const cancelled = (await get()).body?.getReader();
  await cancelled?.read();
  await expect.poll(() => portal.changes.listeners).toBe(2);
  abort.abort();
  await cancelled?.cancel();
  await expect.poll(() => portal.changes.listeners).toBe(0);
  await (
    await run()
  )();
});

test("another person's operation isn't there", async () => {
  const { ctx } = await setUp("Owner");
  const operation = await ctx.db.operation.findFirstOrThrow({ where: { deployment: { name: "owner" } } });
  const { key } = await createApiKey(await portal.person("Stranger"), { name: "k" });
  const answer = await events.GET(
    new Request(`${testOrigin}/api/v1/operations/${operation.id}/events`, {
      headers: { authorization: `Bearer ${key}` },
    }),
    { params: Promise.resolve({ id: operation.id }) },
  );
  expect(answer.status).toBe(404);
});
