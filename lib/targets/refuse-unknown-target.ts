import type { Context } from "#lib/context.ts";
import { invalid } from "#lib/parse-input.ts";
import { listClusterNames } from "#lib/targets/list-cluster-names.ts";
import { targets } from "#lib/targets/targets.ts";

/**
 * For a list that is narrowed to a target: nothing found is told from a name that is none.
 *
 * @param name a built-in target, `kubernetes` for all clusters, or a cluster's name
 * @throws SluiceError `invalid` at `target`
 */
export async function refuseUnknownTarget(ctx: Context, name: string): Promise<void> {
  const known = [...targets.map((target) => target.name), ...(await listClusterNames(ctx))];
  if (known.includes(name)) return;
  const message = `There is no target "${name}". Choose one of: ${known.join(", ")}.`;
  throw invalid([{ field: "target", message }]);
}
