import * as pulumi from "@pulumi/pulumi";
import type { GoogleApi } from "#infra/google/api-client.ts";

/**
 * Goes before a backend service is deleted, which the engine does last: the URL map has stopped sending requests to it,
 * but not all of Google's front ends know yet. So a variant leaves without a failed request.
 *
 * @param waitMs how long they may take: "changes take minutes" is all that Google's documentation promises; 0 where
 * all goes, at a tear-down
 */
export function leaveInPeaceHook(
  name: string,
  { api, waitMs, signal }: { api: Pick<GoogleApi, "pause">; waitMs: number; signal: AbortSignal },
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, async () => {
    if (waitMs > 0) await api.pause(waitMs, signal);
  });
}
