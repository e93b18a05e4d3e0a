import { pause, type Cloud } from "#e2e/cloud/stand-in/cloud.ts";
import type { Run } from "#e2e/cloud/stand-in/kind.ts";
import { isObject } from "#e2e/cloud/stand-in/values.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

/** How long between two looks, in milliseconds. */
const pauseMs = 250;

/**
 * Writes and waits until Compute Engine has done it.
 *
 * @param activity such as `Creating Network`
 * @throws Error with the operation's words
 */
export async function carryOut(
  { cloud, signal }: Run,
  request: { method: string; url: string; body?: Fields },
  activity: string,
): Promise<void> {
  let operation = await cloud.request(request.method, request.url, request.body, signal);
  while (operation.status !== "DONE") {
    await pause(pauseMs, signal);
    operation = await cloud.request("GET", linkOf(cloud, operation), undefined, signal);
  }
  const failed = messageOf(operation);
  if (failed !== null) throw new OperationFailed(`Error waiting for ${activity}: ${failed}`);
}

/** What an operation said in the end. */
export class OperationFailed extends Error {
  override readonly name = "OperationFailed";
}

/** Where an operation is looked at: its own link names Google's host. */
function linkOf({ endpoints }: Cloud, { selfLink }: Fields): string {
  return endpoints.compute + String(selfLink).replace(/^.*?\/compute\/[^/]+\//, "");
}

function messageOf({ error }: Fields): string | null {
  const errors = isObject(error) && Array.isArray(error.errors) ? (error.errors as Fields[]) : [];
  return errors.length === 0 ? null : errors.map(({ message }) => `${String(message)}\n`).join("");
}
