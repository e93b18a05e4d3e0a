import pg from "pg";
import { inject } from "vitest";
import { newId } from "#lib/ids.ts";
import { openDb, type Db } from "#lib/db.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** URL of the test server's maintenance database, as superuser */
    postgresUrl: string;
    /** name of the migrated database that each file clones */
    templateDatabase: string;
  }
}

export type TestDatabase = { url: string; db: Db; drop(): Promise<void> };

/** A fresh clone of the migrated database: call it in `beforeAll`, `drop` it in `afterAll`. */
export async function testDatabase(): Promise<TestDatabase> {
  const adminUrl = inject("postgresUrl");
  const name = `test_${newId("dep").slice(4)}`;
  await onServer(adminUrl, `create database ${name} template ${inject("templateDatabase")}`);
  const url = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  const db = openDb(url, 4);
  return {
    url,
    db,
    async drop() {
      await db.$disconnect();
      await onServer(adminUrl, `drop database ${name} with (force)`);
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
