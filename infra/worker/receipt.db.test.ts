import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeReceipt } from "#infra/worker/receipt.ts";
import { whatStands } from "#infra/worker/what-stands.ts";
import { deploymentOf, person } from "#lib/operations/queue-for-test.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test("a receipt tells the processes, the port and the keys that were at work and aren't any more", async () => {
  const { db } = database;
  const owner = await person(db);
  const { deploymentId: id } = await deploymentOf(db, owner.id);
  const replica = (ordinal: number, pid: number) => ({
    id: `${id}/main/${ordinal}`,
    deploymentId: id,
    variant: "main",
    ordinal,
    pid,
    state: "ready",
  });
  await db.replica.createMany({ data: [replica(1, 4001), replica(2, 4002)] });
  const key = (name: string, more: object = {}) => ({
    id: `epk-${name}`,
    deploymentId: id,
    name,
    prefix: `sle_${name}`,
    hash: `hash of ${name}`,
    ...more,
  });
  await db.endpointKey.createMany({
    data: [key("mine"), key("old", { revokedAt: new Date() }), key("own", { purpose: "probe" })],
  });

  const stood = await whatStands(db, { id, target: "local", endpoint: { port: 21_000 } });
  expect(stood).toEqual([
    { kind: "process", what: "4001 (replica main/1)" },
    { kind: "process", what: "4002 (replica main/2)" },
    { kind: "port", what: "21000 (endpoint)" },
    { kind: "key", what: "mine (sle_mine…)" },
  ]);
  const still = { kind: "process" as const, what: "4002 (replica main/2)" };
  const folder = path.join(tmpdir(), "sluice-that-is-nowhere");
  const receipt = await writeReceipt(
    db,
    id,
    { inTarget: [still], stateRows: 0, folder },
    stood,
    new Date("2026-01-01T00:00:00Z"),
  );
  expect(receipt.remaining).toEqual([still]);
  expect(receipt.ended?.map(({ what }) => what)).toEqual([
    "4001 (replica main/1)",
    "21000 (endpoint)",
    "mine (sle_mine…)",
  ]);
  expect(await whatStands(db, { id, target: "somewhere", endpoint: null })).not.toContainEqual(
    expect.objectContaining({ kind: "port" }),
  );
});
