import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";
import type { Leftover } from "#infra/google/inventory.ts";
import { listAll } from "#infra/google/list-all.ts";
import { waitForOperation } from "#infra/google/wait-for-operation.ts";

const object = z.looseObject({ name: z.string() });

/** Removes one thing and waits until it is gone. That it went meanwhile is no error. @throws GoogleError */
export async function removeLeftover(
  api: GoogleApi,
  project: string,
  { at }: Pick<Leftover, "at">,
  signal: AbortSignal,
): Promise<void> {
  if (at.service === "storage") await emptyBucket(api, at.path, signal);
  const begun = await api.find({ ...at, method: "DELETE", signal });
  if (begun === null || at.service === "storage") return;
  const service = at.service === "container" ? "container" : "compute";
  await waitForOperation(api, { service, project, begun, signal });
}

/** So many files are deleted at once. */
const atOnce = 16;

/** A bucket with files in it can't be deleted. */
async function emptyBucket(api: GoogleApi, bucket: string, signal: AbortSignal): Promise<void> {
  const path = `${bucket}/o`;
  const files = z.array(object).parse(await listAll(api, { service: "storage", path, signal }));
  for (let first = 0; first < files.length; first += atOnce) {
    const some = files.slice(first, first + atOnce);
    await Promise.all(
      some.map(({ name }) =>
        api.find({
          service: "storage",
          method: "DELETE",
          path: `${path}/${encodeURIComponent(name)}`,
          signal,
        }),
      ),
    );
  }
}
