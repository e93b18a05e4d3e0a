import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { clusterHolds, type ClusterHolds } from "#infra/clusters/hold-cluster.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

let database: TestDatabase;
const open: ClusterHolds[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterEach(() => Promise.all(open.splice(0).map((holds) => holds.close())));
afterAll(() => database.drop());

function holds(): ClusterHolds {
  const made = clusterHolds(database.url);
  open.push(made);
  return made;
}

test("a cluster is one worker's for each kind of work, until it lets go of it", async () => {
  const [first, second] = [holds(), holds()];
  const mine = await first.hold("replicas", "tgt-1");
  expect(mine?.aborted).toBe(false);
  expect(await second.hold("replicas", "tgt-1")).toBeNull();
  expect(await second.hold("figures", "tgt-1")).not.toBeNull();
  expect(await second.hold("replicas", "tgt-2")).not.toBeNull();
  expect(await first.hold("replicas", "tgt-1")).toBe(mine);
  await first.release("replicas", "tgt-1");
  expect(mine?.aborted).toBe(true);
  expect(await second.hold("replicas", "tgt-1")).not.toBeNull();
});

test("with its connection a worker loses its clusters, hears of it, and takes them again", async () => {
  const [first, second] = [holds(), holds()];
  const mine = await first.hold("replicas", "tgt-1");
  await database.db.$queryRaw`
    select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())`;
  await vi.waitUntil(() => mine!.aborted);
  expect(await second.hold("replicas", "tgt-1")).not.toBeNull();
  expect(await first.hold("replicas", "tgt-1")).toBeNull();
  await second.close();
  await vi.waitUntil(async () => (await first.hold("replicas", "tgt-1")) !== null);
});

test("while the database isn't reached it is nobody's", async () => {
  const url = Object.assign(new URL(database.url), { port: "1" }).href;
  const nobody = clusterHolds(url);
  await expect(nobody.hold("replicas", "tgt-1")).rejects.toThrow();
  await nobody.close();
});
