import pg from "pg";
import { inject } from "vitest";
import { layStateTables } from "#infra/postgres/state-tables.ts";
import { newId } from "#lib/ids.ts";

/** An engine's state of its own, with its fence; one role for both of its sides. */
export async function stateDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_state_${newId("dep").slice(4)}`;
  const on = async (statement: string) => {
    const client = new pg.Client({ connectionString: inject("postgresUrl") });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await on(`create database ${name}`);
  const url = Object.assign(new URL(inject("postgresUrl")), { pathname: `/${name}`, search: "sslmode=disable" }).href;
  await layStateTables(url, url, "public");
  return { url, drop: () => on(`drop database ${name} with (force)`) };
}
