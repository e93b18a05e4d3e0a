import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { onDatabase } from "#infra/postgres/connect.ts";
import type { Terminal } from "#infra/start/terminal.ts";

type Row = {
  name: string;
  status: string;
  version: string | null;
  step: string | null;
  progress: number | null;
  message: string | null;
};

const titles: Record<string, string> = { pulumi: "Engine", haproxy: "Load balancer" };

/**
 * Tells on the terminal how the tools are coming along, until both are there or can't be had: a line for each
 * new step, and for each tenth of a long one. The targets page shows the same, live.
 *
 * @param since says nothing of what was written down before this start
 */
export async function showTools(
  databaseUrl: string,
  since: Date,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const said = new Map<string, string>();
  try {
    await onDatabase(databaseUrl, async (client) => {
      const open = new Set(Object.keys(titles));
      for (let first = true; open.size > 0; first = false) {
        for (const row of await readTools(client, since)) {
          const line = lineOf(row);
          // What a step counts on the way (": 251 modules") is for the page.
          const news = line.replace(/: \d+ \w+$/, "");
          if (!open.has(row.name) || said.get(row.name) === news) continue;
          // A tool that was there all the time is no news.
          if (!(first && row.status === "ready")) terminal.say(`  ${news}`);
          said.set(row.name, news);
          if (row.status === "ready" || row.status === "failed") open.delete(row.name);
        }
        await sleep(1_000, undefined, { signal });
      }
    });
  } catch {
    // Stopped, or the database went away: then there are louder lines than these.
  }
}

async function readTools(client: pg.Client, since: Date): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    "select name, status, version, step, progress, message from tool where updated_at >= $1 order by name",
    [since],
  );
  return rows;
}

function lineOf({ name, status, version, step, progress, message }: Row): string {
  const title = titles[name] ?? name;
  if (status === "ready") return `✓ ${title} ready (${version})`;
  if (status === "failed") return `! ${title}: ${message}`;
  const tenths = progress === null ? "" : `: ${Math.floor(progress * 10) * 10} %`;
  return `… ${title}: ${step ?? "looking for it"}${tenths}`;
}
