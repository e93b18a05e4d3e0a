import { publish } from "#lib/changes/publish.ts";
import type { Db } from "#lib/db.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import { Prisma } from "#prisma/generated/client.ts";

/** Says where a deployment will be reached while it is still being made. One that has an endpoint keeps it. */
export async function showAddress(
  db: Db,
  { deploymentId, fence }: { deploymentId: string; fence: number },
  endpoint: EndpointView,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.deployment.updateMany({
      where: {
        id: deploymentId,
        fence,
        status: { notIn: ["destroying", "destroyed"] },
        endpoint: { equals: Prisma.DbNull },
      },
      data: { endpoint },
    });
    if (count > 0) await publish(tx, { topic: "deployment", deploymentId });
  });
}
