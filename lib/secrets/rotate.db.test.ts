import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canary } from "#lib/secrets/canary.ts";
import { rotateSealingKey } from "#lib/secrets/rotate.ts";
import { parseSealingKey, seal, unseal, UnsealError } from "#lib/secrets/seal.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

const [from, to, wrong] = [1, 2, 3].map(() => parseSealingKey(randomBytes(32).toString("base64")));
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const { db } = database;
  const id = "dep-1";
  await db.user.create({ data: { id: "usr-1", name: "A", email: "a@example.com" } });
  const sealed = (text: string) => seal(from!, id, text);
  await db.deployment.create({
    data: {
      id,
      name: "one",
      ownerId: "usr-1",
      target: "local",
      status: "ready",
      stackSecrets: sealed("passphrase"),
      probeKey: sealed("probe"),
      secrets: { create: { id: "sec-1", name: "TOKEN", sealed: sealed("s3cret") } },
      revisions: { create: { id: "rev-1", number: 1, spec: {} } },
    },
  });
  const operation = {
    id: "op-1",
    deploymentId: id,
    revisionId: "rev-1",
    kind: "deploy",
    actorType: "system",
  };
  await db.operation.create({
    data: { ...operation, exports: { create: { id: "exp-1", sealed: sealed("state") } } },
  });
  const cluster = { kind: "kubernetes", settings: {}, server: "s", contextName: "c", clusterIdentifier: "i" };
  const credentials = seal(from!, "tgt-1", "kubeconfig");
  await db.target.create({ data: { id: "tgt-1", name: "prod", credentials, ...cluster } });
  await db.target.create({ data: { id: "tgt-2", name: "gone", removedAt: new Date(), ...cluster } });
  await db.setting.create({ data: { name: canary.setting, value: seal(from!, canary.owner, canary.text) } });
  // A deployment that never had any of them is no obstacle.
  await db.deployment.create({
    data: { id: "dep-2", name: "two", ownerId: "usr-1", target: "local", status: "queued" },
  });
});
afterAll(() => database.drop());

/** Every text of the database that the given key sealed, wherever it stands. */
async function sealedBy(keyId: string): Promise<string[]> {
  const { db } = database;
  const columns = await db.$queryRaw<{ table: string; column: string }[]>`
    select table_name as "table", column_name as "column" from information_schema.columns
    where table_schema = 'public' and data_type in ('text', 'jsonb')`;
  const found = await Promise.all(
    columns.map(async ({ table, column }) => {
      const rows = await db.$queryRawUnsafe<unknown[]>(
        `select 1 from "${table}" where "${column}"::text like '%v1.' || $1 || '.%'`,
        keyId,
      );
      return rows.map(() => `${table}.${column}`);
    }),
  );
  return found.flat().sort();
}

test("with a key that doesn't open everything, nothing changes", async () => {
  const before = await sealedBy(from!.id);
  await expect(rotateSealingKey(database.db, wrong!, to!)).rejects.toThrow(UnsealError);
  expect(await sealedBy(from!.id)).toEqual(before);
  expect(await sealedBy(to!.id)).toEqual([]);
});

test("everything that was sealed opens with the new key, and nothing is left of the old one", async () => {
  const before = await sealedBy(from!.id);
  expect(before).toEqual([
    "deployment.probe_key",
    "deployment.stack_secrets",
    "secret.sealed",
    "setting.value",
    "stack_export.sealed",
    "target.credentials",
  ]);
  expect(await rotateSealingKey(database.db, from!, to!)).toBe(6);
  expect(await sealedBy(from!.id)).toEqual([]);
  expect(await sealedBy(to!.id)).toEqual(before);

  const { stackSecrets, probeKey } = await database.db.deployment.findUniqueOrThrow({
    where: { id: "dep-1" },
  });
  const secret = await database.db.secret.findUniqueOrThrow({ where: { id: "sec-1" } });
  const stackExport = await database.db.stackExport.findUniqueOrThrow({ where: { id: "exp-1" } });
  const opened = [stackSecrets!, probeKey!, secret.sealed, stackExport.sealed].map((text) =>
    unseal(to!, "dep-1", text),
  );
  expect(opened).toEqual(["passphrase", "probe", "s3cret", "state"]);
  const target = await database.db.target.findUniqueOrThrow({ where: { id: "tgt-1" } });
  expect(unseal(to!, "tgt-1", target.credentials!)).toBe("kubeconfig");
  const setting = await database.db.setting.findUniqueOrThrow({ where: { name: canary.setting } });
  expect(unseal(to!, canary.owner, setting.value)).toBe(canary.text);
});
