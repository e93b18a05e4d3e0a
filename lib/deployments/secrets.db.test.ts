import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { getDeployment } from "#lib/deployments/get.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { finish, type Outcome } from "#lib/operations/finish.ts";
import { stopped, success, take } from "#lib/operations/queue-for-test.ts";
import { unseal } from "#lib/secrets/seal.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

const sentiment = { target: "local", model: { preset: "sentiment" } };

async function stored(deploymentId: string) {
  const rows = await portal.db.secret.findMany({ where: { deploymentId }, orderBy: { name: "asc" } });
  return rows.map((row) => ({ ...row, text: unseal(portal.sealingKey, deploymentId, row.sealed) }));
}

test("a secret is stored sealed, and its id alone is in the revision", async () => {
  const ctx = await portal.person("Ada");
  const env = [
    { name: "PLAIN", value: "x" },
    { name: "TOKEN", secret: "canary-one" },
  ];
  const made = await createDeployment(ctx, { ...sentiment, name: "sealed", env });
  expect(made.spec.env).toEqual([
    { name: "PLAIN", value: "x" },
    { name: "TOKEN", secret: true },
  ]);
  const [secret] = await stored(made.id);
  expect(secret?.text).toBe("canary-one");
  const revision = await ctx.db.revision.findFirstOrThrow({ where: { deploymentId: made.id } });
  expect(JSON.stringify(revision.spec)).toContain(secret?.id);
  expect(() => unseal(ctx.sealingKey, "dep-other", secret?.sealed ?? "")).toThrow();
});

test("keep holds on to the stored one, a new value is a new id, and what nothing needs is deleted", async () => {
  const ctx = await portal.person("Bob");
  const env = [
    { name: "A", secret: "one" },
    { name: "B", secret: "two" },
  ];
  const made = await createDeployment(ctx, { ...sentiment, name: "kept", env });
  const before = await stored(made.id);
  const same = await updateDeployment(ctx, made.id, {
    env: [
      { name: "A", keep: true },
      { name: "B", keep: true },
    ],
  });
  expect(same.revision).toBe(1);

  const changed = await updateDeployment(ctx, made.id, {
    env: [
      { name: "A", keep: true },
      { name: "B", secret: "new" },
    ],
  });
  expect(changed.revision).toBe(2);
  const after = await stored(made.id);
  expect(after.find((s) => s.name === "A")?.id).toBe(before.find((s) => s.name === "A")?.id);
  // Both values of B are there while the first deploy still waits for its own.
  expect(after.map((s) => s.text).sort()).toEqual(["new", "one", "two"]);

  await ctx.db.operation.updateMany({ where: { deploymentId: made.id }, data: { status: "succeeded" } });
  await updateDeployment(ctx, made.id, { env: [{ name: "A", keep: true }] });
  await ctx.db.operation.updateMany({ where: { deploymentId: made.id }, data: { status: "succeeded" } });
  await updateDeployment(ctx, made.id, { ttlMinutes: 10 });
  expect((await stored(made.id)).map((s) => s.text)).toEqual(["one"]);

  await expect(updateDeployment(ctx, made.id, { env: [{ name: "C", keep: true }] })).rejects.toMatchObject({
    fields: [{ field: "env.0.keep", message: "No secret is stored under this name. Enter its value." }],
  });
});

test("what replicas of a change that failed still use is kept until one succeeds", async () => {
  const ctx = await portal.person("Dot");
  // What waits of other tests would come first.
  await ctx.db.operation.deleteMany();
  const env = (secret: string) => [{ name: "A", secret }];
  const made = await createDeployment(ctx, { ...sentiment, name: "partly", env: env("first") });
  await work(success);
  await updateDeployment(ctx, made.id, { env: env("second") });
  await work(stopped);
  const texts = async () => (await stored(made.id)).map(({ text }) => text).sort();
  await updateDeployment(ctx, made.id, { env: env("third") });
  expect(await texts()).toEqual(["first", "second", "third"]);
  const begun = await take(ctx.db);
  await updateDeployment(ctx, made.id, { scaling: { minReplicas: 2 } });
  expect(await texts()).toEqual(["first", "second", "third"]);
  await finish(ctx.db, begun!, success, systemClock);
  expect(await texts()).toEqual(["third"]);
});

/** Works off what waits, in the way of a worker. */
async function work(outcome: Outcome): Promise<void> {
  await finish(portal.db, (await take(portal.db))!, outcome, systemClock);
}

test("a canary is in no view, no row but the sealed one, no error and no log", async () => {
  const canary = "canary-9f2c71";
  const ctx = await portal.person("Cyd");
  const spec = { ...sentiment, name: "canary", env: [{ name: "S", secret: canary }] };
  const made = await createDeployment(ctx, spec);
  const problems = await createDeployment(ctx, { ...spec, name: "A_", colour: canary }).catch(
    (error: unknown) => error,
  );
  const taken = await createDeployment(ctx, spec).catch((error: unknown) => error);
  const seen = [
    made,
    await getDeployment(ctx, made.id),
    serialise(problems),
    serialise(taken),
    portal.logged,
  ];
  expect(JSON.stringify(seen)).not.toContain(canary);
  const tables = await ctx.db.$queryRaw<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public'`;
  for (const { name } of tables) {
    const rows = await ctx.db.$queryRawUnsafe<{ row: string }[]>(`select t::text as row from "${name}" t`);
    expect(
      rows.filter(({ row }) => row.includes(canary)),
      name,
    ).toEqual([]);
  }
});

function serialise(error: unknown): object {
  const { message, stack, ...rest } = error as Error;
  return { message, stack, ...rest };
}
