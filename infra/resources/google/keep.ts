import * as pulumi from "@pulumi/pulumi";
import { hookFailure } from "#infra/resources/google/hook-failure.ts";

/**
 * Goes before what no update may replace or delete is deleted. The plan is looked at before any work begins
 * (`refuseLoss`); this holds when only the plugin knows that a change replaces. The plugin deletes first what has the
 * name of its successor, so nothing has happened yet when this refuses.
 *
 * @param isTearDown then all may go
 */
export function keepHook(name: string, isTearDown: boolean): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, (which) => {
    if (!isTearDown) throw refusal(which);
  });
}

/** What is said instead of deleting. */
export function refusal({ type, name }: { type: string; name: string }): Error {
  const kind = type.split(":").at(-1);
  return hookFailure(
    "irreplaceable",
    `The change would delete the ${kind} ${name} and make it anew, with the deployment gone meanwhile or at another address. Nothing of it was touched. Take the change back, or make a new deployment and tear this one down.`,
  );
}
