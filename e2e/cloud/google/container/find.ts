import { GoogleError } from "#e2e/cloud/google/google-error.ts";
import { param, type Call, type ClusterRef, type Model } from "#e2e/cloud/google/model.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

/** The key of what `projects/p/locations/l/…` names, whether by the project's id or its number. */
export function containerKey(call: Call, parameter: string): string {
  const [, , ...rest] = param(call, parameter).split("/");
  return `container/projects/${[call.project, ...rest].join("/")}`;
}

export const refOf = (key: string): ClusterRef => {
  const [, , project = "", , location = "", , name = ""] = key.split("/");
  return { project, location, name };
};

/** A cluster that nothing is being done to. @throws GoogleError 404; 400 while another operation runs */
export function idleCluster(model: Model, key: string): Stored {
  const stored = model.store.get(key);
  if (!stored) throw clusterNotFound(key);
  if (stored.busy) {
    throw new GoogleError(
      400,
      "failedPrecondition",
      `Cluster is running incompatible operation ${stored.busy}.`,
      {
        status: "FAILED_PRECONDITION",
      },
    );
  }
  return stored;
}

export const clusterNotFound = (key: string) =>
  new GoogleError(404, "notFound", `Not found: ${key.slice("container/".length)}.`);
