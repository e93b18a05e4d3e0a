import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

// schema.prisma tells the client what the database looks like; the SQL migrations make it. Both are put as lines
// of text here, so that a difference reads as one.

type Field = { name: string; type: string; optional: boolean; list: boolean; rest: string };
type Model = { name: string; table: string; fields: Field[]; blocks: string[] };

const columnTypes: Record<string, string> = {
  String: "text",
  Boolean: "boolean",
  Int: "integer",
  BigInt: "bigint",
  Float: "double precision",
  Json: "jsonb",
  Bytes: "bytea",
  DateTime: "timestamp(3) with time zone",
};

const models = readModels();
const tableOf = new Map(models.map((model) => [model.name, model.table]));
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test("the reading of schema.prisma below finds the tables that it must", () => {
  expect(models.map((model) => model.table)).toEqual(
    expect.arrayContaining(["user", "deployment", "operation_event"]),
  );
});

test("every column has the type, nullability and kind of default that the schema says", async () => {
  const rows = await database.db.$queryRaw<{ line: string }[]>`
    select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attnotnull then '' else ' null' end
      || case when a.atthasdef then ' default' else '' end as line
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and c.relname <> '_prisma_migrations'`;
  const wanted = models.flatMap((model) =>
    columns(model).map((field) => {
      const type = columnTypes[field.type] ?? `unknown ${field.type}`;
      const marks = (field.optional ? " null" : "") + (field.rest.includes("@default(") ? " default" : "");
      return `${model.table}.${columnOf(field)} ${type}${marks}`;
    }),
  );
  expect(rows.map((row) => row.line).sort()).toEqual(wanted.sort());
});

test("every key and index is in both, except the partial ones, which Prisma can't say", async () => {
  const rows = await database.db.$queryRaw<{ line: string }[]>`
    select c.relname || case when i.indisprimary then ' primary ' when i.indisunique then ' unique ' else ' index ' end
      || string_agg(a.attname, ',' order by k.position) as line
    from pg_index i join pg_class c on c.oid = i.indrelid
    cross join lateral unnest(i.indkey::int[]) with ordinality as k(attnum, position)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
    where c.relnamespace = 'public'::regnamespace and i.indpred is null and c.relname <> '_prisma_migrations'
    group by i.indexrelid, c.relname, i.indisprimary, i.indisunique`;
  const wanted = models.flatMap((model) => [
    ...columns(model).flatMap((field) => {
      if (/@id\b/.test(field.rest)) return [`${model.table} primary ${columnOf(field)}`];
      return /@unique\b/.test(field.rest) ? [`${model.table} unique ${columnOf(field)}`] : [];
    }),
    ...model.blocks.flatMap((block) => {
      const found = /^@@(id|unique|index)\(\[(.*?)\]/.exec(block);
      if (!found) return [];
      const kind = { id: "primary", unique: "unique", index: "index" }[found[1]!];
      return [`${model.table} ${kind} ${columnList(model, found[2]!)}`];
    }),
  ]);
  expect(rows.map((row) => row.line).sort()).toEqual(wanted.sort());
});

test("every relation has its foreign key, with the same rule for a deleted parent", async () => {
  const rows = await database.db.$queryRaw<{ line: string }[]>`
    select conrelid::regclass::text || '(' || a.attname || ') ' || confrelid::regclass::text
      || ' ' || case confdeltype when 'c' then 'Cascade' when 'r' then 'Restrict' else confdeltype::text end as line
    from pg_constraint join pg_attribute a on a.attrelid = conrelid and a.attnum = conkey[1] where contype = 'f'`;
  const wanted = models.flatMap((model) =>
    model.fields.flatMap((field) => {
      const relation = /@relation\(fields: \[(\w+)\].*?(?:onDelete: (\w+))?\)/.exec(field.rest);
      if (!relation) return [];
      const column = columnList(model, relation[1]!);
      return [`${model.table}(${column}) ${tableOf.get(field.type)} ${relation[2] ?? "Restrict"}`];
    }),
  );
  expect(rows.map((row) => row.line.replaceAll('"', "")).sort()).toEqual(wanted.sort());
});

function readModels(): Model[] {
  const text = readFileSync(path.join(import.meta.dirname, "schema.prisma"), "utf8");
  return [...text.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)].map(([, name, body]) => {
    const lines = body!.split("\n").map((line) => line.replace(/\s*\/\/.*$/, "").trim());
    const blocks = lines.filter((line) => line.startsWith("@@"));
    const fields = lines.flatMap((line) => {
      const found = /^(\w+)\s+(\w+)(\[\])?(\?)?\s*(.*)$/.exec(line);
      if (!found) return [];
      const [, field, type, list, optional, rest] = found;
      return [{ name: field!, type: type!, list: Boolean(list), optional: Boolean(optional), rest: rest! }];
    });
    const table = blocks.map((block) => /^@@map\("(.*)"\)/.exec(block)?.[1]).find(Boolean);
    return { name: name!, table: table ?? name!, fields, blocks };
  });
}

/** Relations aren't columns. */
function columns(model: Model): Field[] {
  return model.fields.filter((field) => !field.list && !tableOf.has(field.type));
}

function columnOf(field: Field): string {
  return /@map\("(.*?)"\)/.exec(field.rest)?.[1] ?? field.name;
}

function columnList(model: Model, names: string): string {
  const column = (name: string) => columnOf(model.fields.find((field) => field.name === name)!);
  return names
    .split(",")
    .map((name) => column(name.trim()))
    .join(",");
}
