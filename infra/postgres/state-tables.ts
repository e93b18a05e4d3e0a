import type pg from "pg";
import { onDatabase } from "#infra/postgres/connect.ts";

/**
 * Lays out the engine's state: the table `pulumi_state`, exactly as the CLI would make it and owned by the
 * engine's role, and beside it `stack_fence`, owned by the portal's role, with the trigger that refuses writes of
 * an engine that is no longer the stack's newest. Safe to run again.
 *
 * @param portalUrl as the role that owns the fence; may create in `schema`
 * @param engineUrl as the role that the engine connects as; may be the same one
 */
export async function layStateTables(portalUrl: string, engineUrl: string, schema: string): Promise<void> {
  const portalRole = await onDatabase(portalUrl, whoAmI);
  await onDatabase(engineUrl, async (client) => {
    await client.query(stateTable);
    if ((await whoAmI(client)) === portalRole) return;
    await client.query(
      `grant select, delete, trigger on pulumi_state to ${client.escapeIdentifier(portalRole)}`,
    );
  });
  await onDatabase(portalUrl, (client) => client.query(fence(client.escapeIdentifier(schema))));
}

async function whoAmI(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>("select current_user as name");
  return rows[0]!.name;
}

// As in the CLI's pkg/backend/diy/postgres: it runs the same at each of its starts, where it finds all there.
const stateTable = `
  create table if not exists pulumi_state (
    key text primary key,
    data json not null,
    updated_at timestamp with time zone not null default now()
  );
  create index if not exists pulumi_state_key_prefix_idx on pulumi_state (key text_pattern_ops);`;

// The keys of a stack are <database>/.pulumi/stacks/<project>/<stack>.json (and .bak),
// …/locks/<organization>/<project>/<stack>/<id>.json, …/history/<project>/<stack>/<stack>-<time>.… and
// …/backups/<project>/<stack>/<stack>.<time>.json. A row of no stack (meta.yaml) passes.
// "for share" makes a raise wait for the writes that passed the check, so that after it none is under way.
const fence = (schema: string) => `
  create table if not exists stack_fence (stack text primary key, fence integer not null);

  create or replace function check_stack_fence() returns trigger
    language plpgsql security definer set search_path = ${schema}, pg_temp as $body$
  declare
    key text := case when tg_op = 'DELETE' then old.key else new.key end;
    stack_name text := coalesce(
      substring(key from '(?:^|/)\\.pulumi/(?:stacks|history|backups)/[^/]+/([^/.]+)'),
      substring(key from '(?:^|/)\\.pulumi/locks/[^/]+/[^/]+/([^/.]+)')
    );
    mine text := nullif(current_setting('sluice.fence', true), '');
    newest text;
  begin
    if stack_name is not null then
      select stack_fence.fence::text into newest from stack_fence where stack = stack_name for share;
      if mine is distinct from newest or mine is null then
        raise exception 'stale fence % for %, current %', coalesce(mine, 'none'), stack_name, coalesce(newest, 'none');
      end if;
    end if;
    if tg_op = 'DELETE' then return old; end if;
    return new;
  end
  $body$;

  create or replace trigger check_stack_fence before insert or update or delete on pulumi_state
    for each row execute function check_stack_fence();`;
