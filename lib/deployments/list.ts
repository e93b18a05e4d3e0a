import * as z from "zod";
import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";
import { loadViews } from "#lib/deployments/load-views.ts";
import { deploymentStatuses } from "#lib/deployments/status.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { parseInput } from "#lib/parse-input.ts";
import { Prisma } from "#prisma/generated/client.ts";

/** As it stands in a URL: every value is a text. */
export const listInput = z.strictObject({
  /** a part of the name, the id, a model or the owner's name */
  search: z.string().max(100).optional(),
  /** `live` is everything but what was destroyed */
  status: z.enum([...deploymentStatuses, "live", "all"]).default("live"),
  /** a built-in target, `kubernetes` for all clusters, or a cluster's name */
  target: z.string().max(40).optional(),
  /** a preset's id or an image */
  model: z.string().max(400).optional(),
  /** `trouble`: what failed or is degraded, then the rest, each with the newest first */
  sort: z.enum(["name", "status", "createdAt", "model", "trouble"]).default("createdAt"),
  direction: z.enum(["asc", "desc"]).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `nextCursor` of the page before */
  cursor: z.string().max(40).optional(),
});

export type ListInput = z.input<typeof listInput>;
export type DeploymentPage = {
  items: DeploymentView[];
  nextCursor: string | null;
  /** how many match, over all pages */
  total: number;
};

/**
 * Deployments that the actor may see, a page at a time. Search, filters and order are the database's work, so
 * ten thousand rows cost a page. Pages go by the last row's place, so a new row doesn't shift them.
 */
export async function listDeployments(ctx: Context, input: ListInput = {}): Promise<DeploymentPage> {
  const query = parseInput(listInput, input);
  const direction =
    query.direction ?? (query.sort === "createdAt" || query.sort === "trouble" ? "desc" : "asc");
  const order = Prisma.raw(direction);
  const key = sortKeys[query.sort];
  const { ownerId } = visibleTo(ctx.actor);
  const visible = ownerId === undefined ? Prisma.sql`true` : Prisma.sql`d.owner_id = ${ownerId}`;
  const from = Prisma.sql`
    from deployment d join revision r on r.id = d.revision_id join "user" u on u.id = d.owner_id
    where ${Prisma.join([visible, ...conditions(query)], " and ")}`;
  const after = query.cursor
    ? Prisma.sql`and (${key}, d.id) ${Prisma.raw(direction === "asc" ? ">" : "<")}
        (select ${key}, d.id from deployment d join revision r on r.id = d.revision_id 
          where d.id = ${query.cursor} and ${visible})`
    : Prisma.empty;
  const [rows, counted] = await Promise.all([
    ctx.db.$queryRaw<{ id: string }[]>`
      select d.id ${from} ${after} order by ${key} ${order}, d.id ${order} limit ${query.limit + 1}`,
    ctx.db.$queryRaw<{ total: bigint }[]>`select count(*) as total ${from}`,
  ]);
  const ids = rows.slice(0, query.limit).map((row) => row.id);
  return {
    items: await loadViews(ctx.db, ids, ctx.clock.now()),
    nextCursor: rows.length > query.limit ? (ids.at(-1) ?? null) : null,
    total: Number(counted[0]?.total ?? 0),
  };
}

const modelName = Prisma.sql`coalesce(r.spec->'variants'->0->'model'->>'preset', r.spec->'variants'->0->'model'->>'image')`;

const sortKeys: Record<z.output<typeof listInput>["sort"], Prisma.Sql> = {
  name: Prisma.sql`d.name`,
  status: Prisma.sql`d.status`,
  createdAt: Prisma.sql`d.created_at`,
  model: modelName,
  trouble: Prisma.sql`row(d.status in ('failed', 'degraded'), d.created_at)`,
};

function conditions(query: z.output<typeof listInput>): Prisma.Sql[] {
  const all: Prisma.Sql[] = [];
  if (query.status === "live") all.push(Prisma.sql`d.status <> 'destroyed'`);
  else if (query.status !== "all") all.push(Prisma.sql`d.status = ${query.status}`);
  if (query.target) {
    all.push(Prisma.sql`(d.target = ${query.target} or d.target_id in
      (select id from target where name = ${query.target} and removed_at is null))`);
  }
  if (query.model) {
    all.push(Prisma.sql`exists (select from jsonb_array_elements(r.spec->'variants') v
      where v->'model'->>'preset' = ${query.model} or v->'model'->>'image' = ${query.model})`);
  }
  if (query.search?.trim()) {
    const part = `%${query.search.trim().replace(/[\\%_]/g, "\\$&")}%`;
    all.push(Prisma.sql`(d.name ilike ${part} or d.id ilike ${part} or u.name ilike ${part}
      or exists (select from jsonb_array_elements(r.spec->'variants') v
        where v->'model'->>'preset' ilike ${part} or v->'model'->>'image' ilike ${part}))`);
  }
  return all;
}
