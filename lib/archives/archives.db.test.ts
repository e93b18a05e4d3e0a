import { afterAll, beforeAll, expect, test } from "vitest";
import { claimArchive, claimProblems } from "#lib/archives/claim-archive.ts";
import { getArchive } from "#lib/archives/get-archive.ts";
import { archiveLimits } from "#lib/archives/limits.ts";
import { pruneArchives, removeUnusedArchives } from "#lib/archives/prune-archives.ts";
import { readArchive } from "#lib/archives/read-archive.ts";
import { storeArchive } from "#lib/archives/store-archive.ts";
import { zipForTest } from "#lib/archives/zip-for-test.ts";
import type { SealingContext } from "#lib/context.ts";
import { newId } from "#lib/ids.ts";
import { clearDestroyed } from "#lib/operations/finish.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

type Person = SealingContext & { userId: string };
let portal: TestPortal;
let owner: Person;
let other: Person;
beforeAll(async () => {
  portal = await testPortal();
  owner = await portal.person("Grace");
  other = await portal.person("Edith");
});
afterAll(() => portal.drop());

const zip = zipForTest([{ name: "index.html", content: "hello" }]);
const store = async (by = owner) => (await storeArchive(by, { name: "site.zip" }, zip)).id;
const isThere = async (id: string) => (await portal.db.archive.count({ where: { id } })) === 1;

async function deployment(by = owner): Promise<string> {
  const id = newId("dep");
  await portal.db.deployment.create({
    data: { id, name: id, ownerId: by.userId, target: "gke", status: "queued" },
  });
  return id;
}

/** A revision whose spec names this archive, and an operation of it. */
async function revision(deploymentId: string, number: number, archive: string | null, status: string) {
  const id = newId("rev");
  const spec = { google: { staticContent: archive && { prefix: "/static", archive } } };
  await portal.db.revision.create({ data: { id, deploymentId, number, spec } });
  await portal.db.deployment.update({ where: { id: deploymentId }, data: { revisionId: id } });
  portal.clock.move(1000);
  const queuedAt = portal.clock.now();
  // What is cancelled here never began.
  const startedAt = status === "cancelled" ? null : queuedAt;
  const operation = { kind: "update", status, actorType: "system", queuedAt, startedAt };
  return portal.db.operation.create({
    data: { id: newId("op"), deploymentId, revisionId: id, ...operation },
  });
}

test("a deployment claims what its person uploaded, once", async () => {
  const [id, one, two] = [await store(), await deployment(), await deployment()];
  const refusal = { code: "invalid", fields: [{ field: "google.staticContent.archive" }] };
  const by = { id, ownerId: owner.userId };
  await expect(
    claimArchive(portal.db, { ...by, ownerId: other.userId, deploymentId: one }),
  ).rejects.toMatchObject(refusal);
  const problemsOf = (ownerId: string, deploymentId: string) =>
    claimProblems(portal.db, { id, ownerId, deploymentId });
  expect(await problemsOf(other.userId, one)).toMatchObject(refusal.fields);
  expect(await problemsOf(owner.userId, one)).toEqual([]);
  await claimArchive(portal.db, { ...by, deploymentId: one });
  await claimArchive(portal.db, { ...by, deploymentId: one });
  await expect(claimArchive(portal.db, { ...by, deploymentId: two })).rejects.toMatchObject(refusal);
  expect(await problemsOf(owner.userId, two)).toMatchObject(refusal.fields);
  expect(await problemsOf(other.userId, one)).toEqual([]);
  await expect(claimArchive(portal.db, { ...by, id: "arc-none", deploymentId: one })).rejects.toMatchObject(
    refusal,
  );
  expect((await readArchive(portal.db, { id, deploymentId: one })).equals(zip)).toBe(true);
  await expect(readArchive(portal.db, { id, deploymentId: two })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("who owns the deployment sees the archive that somebody else gave it", async () => {
  const admin = await portal.person("Ada", "admin");
  const [id, deploymentId] = [await store(admin), await deployment(owner)];
  await expect(getArchive(owner, id)).rejects.toMatchObject({ code: "not_found" });
  await claimArchive(portal.db, { id, ownerId: admin.userId, deploymentId });
  expect(await getArchive(owner, id)).toMatchObject({ id, deploymentId });
  await expect(getArchive(other, id)).rejects.toMatchObject({ code: "not_found" });
});

test("archives stay as long as an operation may need them, and go with the deployment", async () => {
  const id = await deployment();
  const [first, second, unused, third] = [await store(), await store(), await store(), await store()];
  for (const archive of [first, second, unused, third])
    await claimArchive(portal.db, { id: archive, ownerId: owner.userId, deploymentId: id });
  await revision(id, 1, first, "succeeded");
  await revision(id, 2, second, "failed");
  await revision(id, 3, unused, "cancelled");
  const last = await revision(id, 4, third, "running");
  await pruneArchives(portal.db, id);
  expect(await Promise.all([first, second, unused, third].map(isThere))).toEqual([true, true, false, true]);
  await portal.db.operation.update({ where: { id: last.id }, data: { status: "succeeded" } });
  await pruneArchives(portal.db, id);
  expect(await Promise.all([first, second, third].map(isThere))).toEqual([false, false, true]);
  await portal.db.$transaction((tx) => clearDestroyed(tx, id, portal.clock.now()));
  expect(await isThere(third)).toBe(false);
});

test("what no deployment uses goes after a day", async () => {
  const [unused, used] = [await store(), await store()];
  await claimArchive(portal.db, { id: used, ownerId: owner.userId, deploymentId: await deployment() });
  portal.clock.move(24 * 3_600_000 - 1);
  await removeUnusedArchives(portal);
  expect(await isThere(unused)).toBe(true);
  portal.clock.move(1);
  expect(await removeUnusedArchives(portal)).toBeGreaterThan(0);
  expect([await isThere(unused), await isThere(used)]).toEqual([false, true]);
});

test("of many unused ones the newest stay, of each person", async () => {
  const person = await portal.person("Mary");
  const ids: string[] = [];
  for (let n = 0; n <= archiveLimits.unused; n++) {
    portal.clock.move(1000);
    ids.push(await store(person));
  }
  expect(await isThere(ids[0]!)).toBe(false);
  expect(await portal.db.archive.count({ where: { ownerId: person.userId } })).toBe(archiveLimits.unused);
});

test("uploads are counted by the hour, and audited", async () => {
  const person = await portal.person("Hedy");
  const stored = { actorType: "user", actorId: person.userId, action: "archive.store", subjectId: "arc-x" };
  const at = portal.clock.now();
  const rows = Array.from({ length: archiveLimits.hourly - 1 }, () => ({ ...stored, at }));
  await portal.db.auditEntry.createMany({ data: rows });
  const id = await store(person);
  expect(await portal.db.auditEntry.findFirst({ where: { subjectId: id } })).toMatchObject({
    action: "archive.store",
    detail: { name: "site.zip", bytes: zip.length },
  });
  await expect(store(person)).rejects.toMatchObject({ code: "too_many" });
  portal.clock.move(3_600_001);
  await store(person);
});
