import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { newId } from "#lib/ids.ts";
import { listTools } from "#lib/targets/list-tools.ts";
import { missingTool } from "#lib/targets/missing-tool.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.tool.deleteMany();
  await database.db.target.deleteMany();
});

const names = async () => (await listTools(database.db)).map(({ name }) => name);
const find = (name: string, status: string) => database.db.tool.create({ data: { name, status } });
const register = (kind: string) =>
  database.db.target.create({
    data: {
      id: newId("tgt"),
      kind,
      name: kind,
      settings: {},
      server: "https://x",
      contextName: "x",
      clusterIdentifier: kind,
    },
  });

test("a plugin that isn't there is told only as long as a target needs it", async () => {
  await find("pulumi-kubernetes", "failed");
  await find("pulumi-gcp", "obtaining");
  expect(await names()).toEqual(["pulumi", "haproxy"]);
  const cluster = await register("kubernetes");
  expect(await names()).toEqual(["pulumi", "haproxy", "pulumi-kubernetes"]);
  const project = await register("gke");
  expect(await names()).toEqual(["pulumi", "haproxy", "pulumi-kubernetes", "pulumi-gcp"]);
  await database.db.target.updateMany({
    where: { id: { in: [cluster.id, project.id] } },
    data: { removedAt: systemClock.now() },
  });
  expect(await names()).toEqual(["pulumi", "haproxy"]);
});

test("a plugin that is there is told, whoever needs it", async () => {
  await find("pulumi-gcp", "ready");
  expect(await names()).toEqual(["pulumi", "haproxy", "pulumi-gcp"]);
});

test("a cluster's operations wait for the plugin", async () => {
  await find("pulumi", "ready");
  await find("pulumi-kubernetes", "failed");
  await register("kubernetes");
  expect(await missingTool(database.db, "kubernetes")).toMatchObject({ name: "pulumi-kubernetes" });
  expect(await missingTool(database.db, "local")).toBeNull();
});
