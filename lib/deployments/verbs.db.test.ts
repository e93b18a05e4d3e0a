import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeployment } from "#lib/deployments/create.ts";
import { getDeployment } from "#lib/deployments/get.ts";
import { listDeployments } from "#lib/deployments/list.ts";
import type { SealingContext } from "#lib/context.ts";
import { systemClock } from "#lib/clock.ts";
import { parseSealingKey } from "#lib/secrets/seal.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test("thin", async () => {
  await database.db.user.create({ data: { id: "usr-a", name: "A", email: "a@example.com" } });
  const ctx: SealingContext = {
    db: database.db,
    clock: systemClock,
    sealingKey: parseSealingKey(randomBytes(32).toString("base64")),
    actor: { type: "user", id: "usr-a", role: "member" },
  };
  const made = await createDeployment(ctx, { name: "x", target: "local", model: { preset: "sentiment" } });
  console.log(JSON.stringify(made, null, 1));
  expect(await getDeployment(ctx, "x")).toEqual(made);
  expect((await listDeployments(ctx, { search: "senti", sort: "model" })).items).toHaveLength(1);
});
