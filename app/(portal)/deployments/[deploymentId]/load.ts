import { notFound } from "next/navigation";
import { cache } from "react";
import { getDeployment } from "#lib/deployments/get.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { SluiceError } from "#lib/errors.ts";
import { pageContext } from "#lib/web/require-actor.ts";

/** The deployment of a page, read once a request for its frame and its content alike. */
export const loadDeployment = cache(async (idOrName: string): Promise<DeploymentView> => {
  try {
    return await getDeployment(await pageContext(), decodeURIComponent(idOrName));
  } catch (error) {
    if (error instanceof SluiceError && error.code === "not_found") notFound();
    throw error;
  }
});
