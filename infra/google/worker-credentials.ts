import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { GoogleEndpoints } from "#infra/google/endpoints.ts";
import { readEnv } from "#lib/env.ts";
import { CredentialsError } from "#lib/targets/gke/credentials-error.ts";
import { parseWorkerCredentials, type WorkerCredentials } from "#lib/targets/gke/credentials.ts";

type Named = { GOOGLE_APPLICATION_CREDENTIALS?: string; CLOUDSDK_CONFIG?: string; HOME?: string };

/**
 * Who asks Google where nobody uploaded a key: looked for where Google's own libraries look, in this order: the file that
 * GOOGLE_APPLICATION_CREDENTIALS names, gcloud's own, the machine's metadata server.
 *
 * @param named what the worker's environment says of them
 * @throws CredentialsError for a file that can't be read or isn't taken
 */
export async function workerCredentials(
  endpoints: Pick<GoogleEndpoints, "token">,
  named: Named = readEnv(),
): Promise<WorkerCredentials> {
  const options = { tokenUri: endpoints.token };
  const { GOOGLE_APPLICATION_CREDENTIALS: file, CLOUDSDK_CONFIG, HOME = homedir() } = named;
  if (file) return parseWorkerCredentials(await read(file, true), options);
  const folder = CLOUDSDK_CONFIG ?? path.join(HOME, ".config/gcloud");
  const usual = path.join(folder, "application_default_credentials.json");
  return parseWorkerCredentials(await read(usual, false), options);
}

async function read(file: string, mustBeThere: boolean): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (isMissing && !mustBeThere) return null;
    throw new CredentialsError(
      "malformed",
      `The file with the worker's credentials can't be read (${(error as NodeJS.ErrnoException).code}). See GOOGLE_APPLICATION_CREDENTIALS where the worker runs.`,
    );
  }
}
