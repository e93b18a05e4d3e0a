import type { GoogleApi } from "#infra/google/api-client.ts";
import { waitForOperation } from "#infra/google/wait-for-operation.ts";

/** Deletes things of Compute Engine's, all at once, and waits until they are gone. What went meanwhile is no error. */
export async function removeAll(
  api: GoogleApi,
  { project, paths, signal }: { project: string; paths: string[]; signal: AbortSignal },
): Promise<void> {
  await Promise.all(
    paths.map(async (path) => {
      const begun = await api.find({ service: "compute", method: "DELETE", path, signal });
      if (begun !== null) await waitForOperation(api, { service: "compute", project, begun, signal });
    }),
  );
}
