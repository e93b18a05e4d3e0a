import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import pino from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import type { Google } from "#e2e/cloud/google/serve.ts";
import { checkTargetJob, requestDueChecks } from "#infra/worker/check-targets.ts";
import type { JobContext } from "#infra/worker/job-loop.ts";
import type { SealingContext } from "#lib/context.ts";
import { parseSealingKey } from "#lib/secrets/seal.ts";
import { changeTarget } from "#lib/targets/change-target.ts";
import { getTarget } from "#lib/targets/get-target.ts";
import { registerTarget } from "#lib/targets/register-target.ts";
import { MovedClock } from "#lib/web/portal-for-test.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

const nodes = "nodes@demo-proj.iam.gserviceaccount.com";
const sealingKey = parseSealingKey(randomBytes(32).toString("base64"));
const lines: string[] = [];
let google: Google;
let database: TestDatabase;
let folder: string;
let clock: MovedClock;
let ctx: JobContext;
let admin: SealingContext;

beforeAll(async () => {
  ({ google } = await googleForTest({ machine: { email: owner, project } }));
  google.addServiceAccount(project, nodes);
  google.addServiceAccount(project, "1-compute@developer.gserviceaccount.com");
  database = await testDatabase();
  await database.db.user.create({
    data: { id: "usr-1", name: "Ada", email: "ada@example.org", role: "admin" },
  });
  folder = await mkdtemp(path.join(tmpdir(), "sluice-check-"));
});
beforeEach(async () => {
  const { db } = database;
  clock = new MovedClock();
  const log = pino({ level: "debug" }, { write: (line) => void lines.push(line) });
  ctx = { db, clock, sealingKey, log, googleEndpoint: google.url };
  admin = {
    db,
    clock,
    sealingKey,
    googleEndpoint: google.url,
    actor: { type: "user", id: "usr-1", role: "admin" },
  };
  // What the machine of the test has is nobody's business here.
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", "");
  vi.stubEnv("CLOUDSDK_CONFIG", folder);
  await db.job.deleteMany();
  await db.target.deleteMany();
});
afterEach(() => {
  vi.unstubAllEnvs();
  google.permissions.restore(owner);
});
afterAll(async () => {
  await google.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const keyFile = () => google.tokens.addServiceAccountKey(owner, project);
const input = { kind: "gke", name: "google", project, location: "us-central1-a", nodeServiceAccount: nodes };
const register = (change: object = {}) => registerTarget(admin, { ...input, ...change });
async function check() {
  const { id } = await database.db.target.findFirstOrThrow();
  const job = { id: "job-1", kind: "target.check", subjectId: id, input: {}, attempt: 1 } as const;
  await checkTargetJob(ctx, job, new AbortController().signal);
  return (await getTarget(admin, "google")).project!;
}

test("a project is looked at by its key, and nothing of that is in the log", async () => {
  const file = keyFile();
  await register({ key: JSON.stringify(file) });
  const found = await check();
  expect(found).toMatchObject({
    state: "ready",
    detail: { findings: { identity: owner, gaps: [], trouble: null } },
  });
  expect(found.offers?.machineTypes).toContainEqual({ name: "n1-standard-1", cpus: 1, memoryMb: 3840 });
  expect(lines.join("")).toContain("target checked");
  expect(lines.join("")).not.toContain((file as { private_key: string }).private_key.split("\n")[1]);
});

test("a right that is taken away is found", async () => {
  await register({ key: JSON.stringify(keyFile()) });
  google.permissions.deny(owner, "compute.firewalls.create");
  const found = await check();
  expect(found.state).toBe("trouble");
  expect(found.detail?.findings?.gaps).toMatchObject([{ code: "right_missing" }]);
});

test("the worker's own account is the machine's, or the file's that it is told of", async () => {
  await register({ account: "worker" });
  expect((await check()).detail?.findings?.identity).toBe(owner);
  const file = path.join(folder, "key.json");
  await writeFile(
    file,
    JSON.stringify(google.tokens.addServiceAccountKey("file@demo-proj.iam.gserviceaccount.com", project)),
  );
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", file);
  // It is another account, which isn't in the project.
  expect((await check()).detail?.findings).toMatchObject({
    identity: "file@demo-proj.iam.gserviceaccount.com",
    trouble: { code: "project_unknown" },
  });
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", path.join(folder, "none.json"));
  expect((await check()).detail?.findings?.trouble).toMatchObject({ code: "credentials" });
});

test("a key that was taken back, and one sealed with another key, are something found; a new one ends it", async () => {
  const file = keyFile() as { private_key_id: string };
  await register({ key: JSON.stringify(file) });
  google.tokens.removeServiceAccountKey(file.private_key_id);
  expect((await check()).detail?.findings?.trouble?.code).toBe("account_gone");
  await changeTarget(admin, "google", { key: JSON.stringify(keyFile()) });
  expect((await check()).state).toBe("ready");
  ctx = { ...ctx, sealingKey: parseSealingKey(randomBytes(32).toString("base64")) };
  expect((await check()).detail?.findings?.trouble?.code).toBe("unsealable");
});

test("a project that nobody looked at for ten minutes is looked at by itself", async () => {
  await register({ account: "worker" });
  await check();
  await database.db.job.deleteMany();
  const due = async (ms: number) => {
    clock.move(ms);
    await requestDueChecks(ctx);
    return database.db.job.count({ where: { status: "queued" } });
  };
  expect(await due(9 * 60_000)).toBe(0);
  expect(await due(2 * 60_000)).toBe(1);
  expect(await due(0)).toBe(1);
});
