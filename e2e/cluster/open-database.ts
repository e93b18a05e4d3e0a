import { mkdtemp } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { startPostgres } from "#infra/postgres/embedded.ts";
import { openDb, type Db } from "#lib/db.ts";
import { applyMigrations } from "#prisma/apply-migrations.ts";

/** A portal's database on a server of its own, for a check that runs parts of the worker by itself. */
export type PortalDatabase = { url: string; db: Db; close(): Promise<void> };

/** @param outer the folder that is cleared after the checks */
export async function openDatabase(outer: string): Promise<PortalDatabase> {
  const postgres = await startPostgres({
    folder: await mkdtemp(path.join(outer, "postgres-")),
    fsync: false,
  });
  const admin = new pg.Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  await admin.query("create database portal");
  await admin.end();
  const url = Object.assign(new URL(postgres.adminUrl), { pathname: "/portal" }).href;
  await applyMigrations(url);
  const db = openDb(url, 8);
  return {
    url,
    db,
    async close() {
      await db.$disconnect();
      await postgres.stop();
    },
  };
}
