import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";

const folder = path.join(import.meta.dirname, "migrations");

/**
 * Applies the committed SQL migrations in order, each in a transaction, and keeps Prisma's own
 * `_prisma_migrations` table, so that Prisma's tools agree with what was done. Two starts at once wait for
 * each other on an advisory lock. (Prisma's migration engine is a separate download, so it isn't used.)
 *
 * @returns the names that were applied now
 * @throws Error if a migration that was applied has since been changed, or fails
 */
export async function applyMigrations(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(hashtext('sluice migrations'))");
    await client.query(`create table if not exists _prisma_migrations (
      id varchar(36) primary key default gen_random_uuid()::text,
      checksum varchar(64) not null,
      finished_at timestamptz,
      migration_name varchar(255) not null unique,
      logs text,
      rolled_back_at timestamptz,
      started_at timestamptz not null default now(),
      applied_steps_count integer not null default 0
    )`);
    const { rows } = await client.query<{ migration_name: string; checksum: string }>(
      "select migration_name, checksum from _prisma_migrations where finished_at is not null",
    );
    const done = new Map(rows.map((row) => [row.migration_name, row.checksum]));
    const applied: string[] = [];
    for (const name of await migrationNames()) {
      const sql = await readFile(path.join(folder, name, "migration.sql"), "utf8");
      const checksum = createHash("sha256").update(sql).digest("hex");
      const before = done.get(name);
      if (before === checksum) continue;
      if (before) {
        throw new Error(
          `Migration ${name} was changed after it was applied. Restore the file and add a new migration instead.`,
        );
      }
      await applyOne(client, name, sql, checksum);
      applied.push(name);
    }
    return applied;
  } finally {
    await client.end();
  }
}

async function migrationNames(): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function applyOne(client: pg.Client, name: string, sql: string, checksum: string): Promise<void> {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query(
      `insert into _prisma_migrations (migration_name, checksum, finished_at, applied_steps_count)
       values ($1, $2, now(), 1)`,
      [name, checksum],
    );
    await client.query("commit");
  } catch (cause) {
    await client.query("rollback");
    throw new Error(`Migration ${name} failed and was rolled back.`, { cause });
  }
}
