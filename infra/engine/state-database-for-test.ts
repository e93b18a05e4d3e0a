import pg from "pg";
import { inject } from "vitest";
import { onDatabase } from "#infra/postgres/connect.ts";
import { layStateTables } from "#infra/postgres/state-tables.ts";
import { newId } from "#lib/ids.ts";

/** An engine's state of its own, with its fence; one role for both of its sides. */
export async function stateDatabase(): Promise<{
  url: string;
  /** all that it holds, as text */
  rows(): Promise<string>;
  drop(): Promise<void>;
}> {
  const name = `test_state_${newId("dep").slice(4)}`;
  const on = async (statement: string) => {
    const client = new pg.Client({ connectionString: inject("postgresUrl") });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await on(`create database ${name}`);
  const url = Object.assign(new URL(inject("postgresUrl")), {
    pathname: `/${name}`,
    search: "sslmode=disable",
  }).href;
  await layStateTables(url, url, "public");
  const rows = () =>
    onDatabase(url, async (client) => {
      const { rows: found } = await client.query<{ key: string; data: { data?: string } }>(
        "select * from pulumi_state",
      );
      // The engine keeps a file's bytes as base64 in JSON.
      return found.map(({ key, data }) => `${key} ${JSON.stringify(data)} ${decoded(data)}`).join("\n");
    });
  return { url, rows, drop: () => on(`drop database ${name} with (force)`) };
}

function decoded(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[A-Za-z0-9+/]{40,}={0,2}/g, (text) =>
    Buffer.from(text, "base64").toString(),
  );
}
