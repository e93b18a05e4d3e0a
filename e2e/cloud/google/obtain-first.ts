import { obtainDiscovery } from "#e2e/cloud/google/obtain-discovery.ts";
import { readEnv } from "#lib/env.ts";

/** Before any test: a download may take longer than a test has. */
export default async function obtainFirst(): Promise<void> {
  const options = { cache: readEnv().SLUICE_CACHE, signal: new AbortController().signal };
  try {
    await obtainDiscovery({ ...options, onProgress: () => undefined });
  } catch {
    // Whoever needs the documents asks again, and says then why they can't be had; the others go on without.
  }
}
