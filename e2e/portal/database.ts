import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";

type Which = "databaseUrl" | "statePortalUrl";

/** The address of one of the running portal's databases, which stands in its data folder. */
export function addressOf(which: Which): string {
  const file = path.join(process.env.SLUICE_TEST_HOME ?? "", "run.json");
  return (JSON.parse(readFileSync(file, "utf8")) as Record<Which, string>)[which];
}

/** Asks one of the running portal's databases. */
export async function ask(
  which: Which,
  sql: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: addressOf(which) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Everything that a database holds, row by row as text. */
export async function dump(which: Which): Promise<string> {
  const tables = await ask(
    which,
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await ask(which, `select row_to_json(t)::text as text from ${String(name)} t`);
    texts.push(String(name), ...rows.map((row) => String(row.text)));
  }
  return texts.join("\n");
}
