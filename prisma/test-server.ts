import pg from "pg";
import type { TestProject } from "vitest/node";
import { applyMigrations } from "#prisma/apply-migrations.ts";

/** Once a run: a Postgres server and the migrated database that each test file clones. */
export default async function setup(project: TestProject) {
  const serverUrl = process.env.SLUICE_TEST_POSTGRES ?? "postgres://postgres@127.0.0.1:54999/postgres";
  const templateDatabase = `template_${process.pid}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${templateDatabase}`);
  await client.end();
  await applyMigrations(Object.assign(new URL(serverUrl), { pathname: `/${templateDatabase}` }).href);
  project.provide("postgresUrl", serverUrl);
  project.provide("templateDatabase", templateDatabase);
  return async () => {
    const last = new pg.Client({ connectionString: serverUrl });
    await last.connect();
    await last.query(`drop database ${templateDatabase} with (force)`);
    await last.end();
  };
}
