import type { SealingContext } from "#lib/context.ts";
import { parseInput } from "#lib/parse-input.ts";
import { seal } from "#lib/secrets/seal.ts";
import {
  keyBesideWorker,
  noKey,
  readKeyInput,
  registerProjectInput,
  toProjectSettings,
} from "#lib/targets/gke/project-input.ts";
import { readBoth } from "#lib/targets/read-both.ts";
import type { NewTarget } from "#lib/targets/register-target.ts";

/**
 * What of a Google project is stored. Of a key only what is needed is kept, sealed.
 *
 * @param input `registerProjectInput` as it was sent
 * @throws SluiceError `invalid` with its fields
 */
export function readProject(ctx: SealingContext, id: string, input: unknown): NewTarget {
  const [given, read] = readBoth(
    () => parseInput(registerProjectInput, input),
    () => readKey(input as { account?: unknown; key?: unknown }, ctx.googleEndpoint),
  );
  const { name, project, location, account, key: _key, kind, ...settings } = given;
  return {
    name,
    columns: {
      kind,
      settings: toProjectSettings({ project, location, account }, settings),
      credentials: read && seal(ctx.sealingKey, id, read.minimal),
    },
    audited: { name, project, location, account: read?.email ?? account },
  };
}

/** The key of what was sent, whatever else is wrong with that; what isn't text at all the schema refuses. */
function readKey(
  { account = "key", key }: { account?: unknown; key?: unknown },
  endpoint: string | undefined,
) {
  if (account === "key" && (key ?? "") === "") throw noKey();
  if (account === "worker" && key) throw keyBesideWorker();
  return typeof key === "string" && key !== "" ? readKeyInput(key, endpoint) : null;
}
