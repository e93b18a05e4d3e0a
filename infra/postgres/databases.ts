import type pg from "pg";
import { applyMigrations } from "#prisma/apply-migrations.ts";
import { onDatabase } from "#infra/postgres/connect.ts";
import { ensureRole, passwordOf } from "#infra/postgres/roles.ts";
import { layStateTables } from "#infra/postgres/state-tables.ts";

export type Databases = {
  /** the portal's own tables */
  databaseUrl: string;
  /** the engine's state, as the role that owns the fences */
  statePortalUrl: string;
  /** the engine's state, as the role that the engine gets; it and every plugin see this URL */
  stateEngineUrl: string;
};

/**
 * Sets up the embedded server: database `sluice` for the portal, `sluice_state` for the engine, each with a role
 * of its own that can't see the other.
 *
 * @param secret what the roles' passwords are derived from
 */
export async function setUpEmbedded(adminUrl: string, secret: Buffer): Promise<Databases> {
  const portal = { role: "sluice", password: passwordOf("sluice", secret) };
  const engine = { role: "sluice_engine", password: passwordOf("sluice_engine", secret) };
  await onDatabase(adminUrl, async (client) => {
    await ensureRole(client, portal.role, portal.password);
    await ensureRole(client, engine.role, engine.password);
    for (const database of ["sluice", "sluice_state"]) {
      await ensureDatabase(client, database, portal.role);
      await client.query(`revoke all on database ${database} from public`);
    }
    await client.query(`grant connect on database sluice_state to ${engine.role}`);
  });
  const url = (database: string, as: { role: string; password: string }) =>
    Object.assign(new URL(adminUrl), {
      pathname: `/${database}`,
      username: as.role,
      password: as.password,
      search: "sslmode=disable",
    }).href;
  const databases = {
    databaseUrl: url("sluice", portal),
    statePortalUrl: url("sluice_state", portal),
    stateEngineUrl: url("sluice_state", engine),
  };
  await onDatabase(databases.statePortalUrl, (client) =>
    client.query(`grant usage, create on schema public to ${engine.role}`),
  );
  await layStateTables(databases.statePortalUrl, databases.stateEngineUrl, "public");
  await applyMigrations(databases.databaseUrl);
  return databases;
}

/**
 * Sets up a Postgres that was given. The engine's state goes, in this order, to `stateUrl`, to a second database
 * if the role may create one, to a schema of its own (docs/decisions/0003).
 *
 * @throws Error with what to do, if the engine's role can't connect
 */
export async function setUpGiven(
  databaseUrl: string,
  stateUrl: string | undefined,
  secret: Buffer,
): Promise<Databases> {
  await applyMigrations(databaseUrl);
  if (stateUrl) {
    const same = withSslMode(stateUrl);
    const schema = await onDatabase(same, currentSchema);
    await layStateTables(same, same, schema);
    return { databaseUrl, statePortalUrl: same, stateEngineUrl: same };
  }
  return onDatabase(databaseUrl, async (client) => {
    const { rows } = await client.query<Rights>(
      `select rolsuper or rolcreatedb as database, rolsuper or rolcreaterole as role,
              current_user as name, current_database() as base
       from pg_roles where rolname = current_user`,
    );
    const rights = rows[0]!;
    const { statePortalUrl, schema } = rights.database
      ? await secondDatabase(client, databaseUrl, rights)
      : await ownSchema(client, databaseUrl);
    const stateEngineUrl = rights.role
      ? await engineRole(client, statePortalUrl, schema, rights, secret)
      : statePortalUrl;
    await layStateTables(statePortalUrl, stateEngineUrl, schema).catch((cause: Error) => {
      throw new Error(
        `The engine's state database couldn't be set up: ${cause.message}. ` +
          "Give SLUICE_STATE_URL, the URL of an empty database that its role owns.",
        { cause },
      );
    });
    return { databaseUrl, statePortalUrl, stateEngineUrl };
  });
}

type Rights = { database: boolean; role: boolean; name: string; base: string };

async function secondDatabase(client: pg.Client, databaseUrl: string, rights: Rights) {
  const name = `${rights.base}_state`;
  await ensureDatabase(client, name, rights.name);
  const statePortalUrl = withSslMode(Object.assign(new URL(databaseUrl), { pathname: `/${name}` }).href);
  return { statePortalUrl, schema: "public" };
}

async function ownSchema(client: pg.Client, databaseUrl: string) {
  const schema = "sluice_state";
  await client.query(`create schema if not exists ${schema}`);
  const url = new URL(withSslMode(databaseUrl));
  // As `options`, which both our driver and the engine's hand to the server as they are.
  url.searchParams.set("options", `-csearch_path=${schema}`);
  return { statePortalUrl: url.href, schema };
}

/** Named after the portal's database, since roles are one list for the whole server. */
async function engineRole(
  client: pg.Client,
  statePortalUrl: string,
  schema: string,
  rights: Rights,
  secret: Buffer,
): Promise<string> {
  const role = `${rights.base}_engine`;
  const password = passwordOf(role, secret);
  await ensureRole(client, role, password);
  await onDatabase(statePortalUrl, (state) =>
    state.query(`grant usage, create on schema ${schema} to ${state.escapeIdentifier(role)}`),
  );
  return Object.assign(new URL(statePortalUrl), { username: encodeURIComponent(role), password }).href;
}

async function ensureDatabase(client: pg.Client, name: string, owner: string): Promise<void> {
  const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
  if (rowCount) return;
  await client.query(
    `create database ${client.escapeIdentifier(name)} owner ${client.escapeIdentifier(owner)}`,
  );
}

async function currentSchema(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string | null }>("select current_schema() as name");
  return rows[0]?.name ?? "public";
}

/** The engine's driver asks for TLS unless told otherwise; ours doesn't. Both must do the same. */
function withSslMode(url: string): string {
  const result = new URL(url);
  if (!result.searchParams.has("sslmode")) result.searchParams.set("sslmode", "disable");
  return result.href;
}
