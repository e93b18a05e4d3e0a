import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { rotateSealingKey } from "#lib/secrets/rotate.ts";
import { parseSealingKey } from "#lib/secrets/seal.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";
import { nextKeyFile, plantCanary, settleKey } from "#infra/start/key.ts";

let database: TestDatabase;
let folder: string;
let file: string;

beforeEach(async () => {
  database = await testDatabase();
  folder = await mkdtemp(path.join(tmpdir(), "sluice-key-"));
  file = path.join(folder, "key");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

const newKey = () => randomBytes(32).toString("base64");
const settle = (given?: string) => settleKey({ given, file, lookUrl: database.url });

async function firstStart(given?: string) {
  const key = await settle(given);
  await plantCanary(database.url, key.key);
  return key;
}

test("a new portal gets a key in a file that only its owner can read, and finds it again", async () => {
  const first = await firstStart();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await settle()).base64).toBe(first.base64);
});

test("a database that isn't there yet is a new portal too", async () => {
  const lookUrl = Object.assign(new URL(inject("postgresUrl")), { pathname: "/not_there_yet" }).href;
  expect((await settleKey({ given: undefined, file, lookUrl })).key.bytes).toHaveLength(32);
});

test("a key that was given is used, and nothing is written", async () => {
  const given = newKey();
  expect((await firstStart(given)).base64).toBe(given);
  await expect(readFile(file)).rejects.toThrow("ENOENT");
});

test("a wrong key is refused with what is lost and what to do", async () => {
  await firstStart(newKey());
  await expect(settle(newKey())).rejects.toThrow(
    /SLUICE_KEY isn't the key.*stay unreadable.*If you have a copy/s,
  );
  await writeFile(file, newKey());
  await expect(settle()).rejects.toThrow(`The key in ${file} isn't the key`);
});

test("a lost key isn't replaced silently", async () => {
  await firstStart();
  await rm(file);
  await expect(settle()).rejects.toThrow(/The sealing key is gone/);
  await expect(readFile(file)).rejects.toThrow("ENOENT");
});

test("a rotation that was cut short goes on with the key that the database is sealed with", async () => {
  const old = await firstStart();
  const next = newKey();
  // Cut short before the database changed: the old key stays, the new one goes.
  await writeFile(nextKeyFile(file), next);
  expect((await settle()).base64).toBe(old.base64);
  await expect(readFile(nextKeyFile(file))).rejects.toThrow("ENOENT");
  // Cut short after it: the new key takes its place.
  await writeFile(nextKeyFile(file), next);
  await rotateSealingKey(database.db, old.key, parseSealingKey(next));
  expect((await settle()).base64).toBe(next);
  expect(await readFile(file, "utf8")).toBe(next);
});

test("a wrong database never costs the only copy of a rotated key", async () => {
  await firstStart(newKey());
  const next = newKey();
  await writeFile(nextKeyFile(file), next);
  await writeFile(file, newKey());
  await expect(settle()).rejects.toThrow(/isn't the key/);
  expect(await readFile(nextKeyFile(file), "utf8")).toBe(next);
});
