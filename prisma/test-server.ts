import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startPostgres } from "#infra/postgres/embedded.ts";
import { applyMigrations } from "#prisma/apply-migrations.ts";

/**
 * Once a run: a Postgres server of its own (or the one that SLUICE_TEST_POSTGRES names, as superuser) and the
 * migrated database that each test file clones.
 */
export default async function setup(project: TestProject) {
  const server = process.env.SLUICE_TEST_POSTGRES
    ? { url: process.env.SLUICE_TEST_POSTGRES, stop: async () => undefined }
    : await ownServer();
  const templateDatabase = `template_${process.pid}`;
  await onServer(server.url, `create database ${templateDatabase}`);
  await applyMigrations(Object.assign(new URL(server.url), { pathname: `/${templateDatabase}` }).href);
  project.provide("postgresUrl", server.url);
  project.provide("templateDatabase", templateDatabase);
  return async () => {
    await onServer(server.url, `drop database ${templateDatabase} with (force)`);
    await server.stop();
  };
}

async function ownServer() {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-test-postgres-"));
  const server = await startPostgres({ folder, fsync: false });
  return {
    url: server.adminUrl,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
