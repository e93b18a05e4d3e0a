import * as z from "zod";
import type { EngineState } from "#infra/engine/driver.ts";
import { onDatabase } from "#infra/postgres/connect.ts";

const resource = z.looseObject({ urn: z.string(), type: z.string() });
const checkpoint = z.object({
  version: z.int(),
  checkpoint: z.object({
    latest: z
      .looseObject({
        resources: z.array(resource).nullish(),
        pending_operations: z.array(z.looseObject({ type: z.string(), resource })).nullish(),
      })
      .nullish(),
  }),
});

/**
 * What the engine's own memory of a stack says, as it last wrote it: even after a run that died, and without the
 * engine. What is secret in it stays sealed.
 *
 * @param statePortalUrl the state database, as the role that owns the fences
 * @returns null if there is no stack
 * @throws ZodError if it isn't written as the pinned engine writes it
 */
export async function readStackState(statePortalUrl: string, stack: string): Promise<EngineState | null> {
  const data = await onDatabase(statePortalUrl, async (client) => {
    // A file's bytes are kept as base64 in JSON: the CLI's pkg/backend/diy/postgres/bucket.go.
    const { rows } = await client.query<{ data: string }>(
      `select data->>'data' as data from pulumi_state where key ~ ('/\\.pulumi/stacks/[^/]+/' || $1 || '\\.json$')`,
      [stack],
    );
    return rows[0]?.data ?? null;
  });
  if (data === null) return null;
  const { version, checkpoint: kept } = checkpoint.parse(JSON.parse(Buffer.from(data, "base64").toString()));
  const { resources, pending_operations } = kept.latest ?? {};
  return {
    version,
    deployment: { resources: resources ?? [], pending_operations: pending_operations ?? [] },
  };
}
