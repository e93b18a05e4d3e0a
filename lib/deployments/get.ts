import type { Context } from "#lib/context.ts";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { loadViews } from "#lib/deployments/load-views.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { notFound } from "#lib/errors.ts";

/**
 * One deployment by its id, or by name: the live one, else the latest.
 *
 * @throws SluiceError `not_found`, also where it is another person's
 */
export async function getDeployment(ctx: Context, idOrName: string): Promise<DeploymentView> {
  const id = await findDeploymentId(ctx, idOrName);
  const [view] = await loadViews(ctx.db, [id], ctx.clock.now());
  if (!view) throw notFound("deployment");
  return view;
}
