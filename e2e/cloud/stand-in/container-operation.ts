import { OperationFailed } from "#e2e/cloud/stand-in/compute-operation.ts";
import { pause } from "#e2e/cloud/stand-in/cloud.ts";
import type { Run } from "#e2e/cloud/stand-in/kind.ts";
import { isObject } from "#e2e/cloud/stand-in/values.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

/** How long between two looks, in milliseconds. */
const pauseMs = 250;

/**
 * Waits until Kubernetes Engine has done what it was asked for.
 *
 * @param location such as `projects/p/locations/us-central1-a`
 * @param activity such as `creating GKE cluster`
 * @throws OperationFailed with the operation's words
 */
export async function waitForOperation(
  { cloud, signal }: Run,
  location: string,
  started: Fields,
  activity: string,
): Promise<void> {
  let operation = started;
  while (operation.status !== "DONE") {
    await pause(pauseMs, signal);
    const url = `${cloud.endpoints.container}${location}/operations/${String(started.name)}`;
    operation = await cloud.request("GET", url, undefined, signal);
  }
  const { error, statusMessage } = operation;
  const failed = isObject(error) ? error.message : statusMessage;
  if (failed) throw new OperationFailed(`Error waiting for ${activity}: ${String(failed)}`);
}

/** Asks for a change and waits until it is done. @throws GoogleApiError; OperationFailed */
export async function changeContainer(
  run: Run,
  location: string,
  request: { method: string; path: string; body?: Fields },
  activity: string,
): Promise<void> {
  const { cloud, signal } = run;
  const url = cloud.endpoints.container + request.path;
  const operation = await cloud.request(request.method, url, request.body, signal);
  await waitForOperation(run, location, operation, activity);
}

/** `projects/p/locations/l` of anything in there. */
export const locationOf = (id: string): string => id.split("/").slice(0, 4).join("/");
