import type { Tx } from "#lib/db.ts";

/**
 * Takes the deployment's row until the transaction ends. Whoever changes a deployment and its operations takes
 * the deployment first, so that no two of them wait for each other.
 */
export async function lockDeployment(tx: Tx, deploymentId: string): Promise<void> {
  await tx.$queryRaw`select id from deployment where id = ${deploymentId} for no key update`;
}
