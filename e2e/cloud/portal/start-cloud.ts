import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { openCloud } from "#e2e/cloud/controller/open-cloud.ts";
import { obtainDiscovery } from "#e2e/cloud/google/obtain-discovery.ts";
import { serveControl } from "#e2e/cloud/portal/control.ts";
import type { ApiServer } from "#e2e/cluster/api.ts";
import { readEnv } from "#lib/env.ts";

export type StartedCloud = {
  /** what the portal's environment has for it */
  env: { SLUICE_GOOGLE_ENDPOINT: string; NODE_EXTRA_CA_CERTS: string };
  /** for `controlAt` */
  control: string;
  close(): Promise<void>;
};

/** Starts the model of Google's cloud before a test cluster, for a portal and its checks. */
export async function startCloud(admin: ApiServer): Promise<StartedCloud> {
  const documents = await obtainDiscovery({
    cache: readEnv().SLUICE_CACHE,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const cloud = await openCloud({ documents: documents.path, admin });
  const control = await serveControl(cloud);
  const authorities = path.join(process.env.SLUICE_CLUSTER_FOLDER!, "authorities.pem");
  const { NODE_EXTRA_CA_CERTS: others } = process.env;
  await writeFile(authorities, `${others ? await readFile(others, "utf8") : ""}\n${cloud.authority}`);
  return {
    env: { SLUICE_GOOGLE_ENDPOINT: cloud.google.url, NODE_EXTRA_CA_CERTS: authorities },
    control: control.url,
    async close() {
      await control.close();
      await cloud.close();
    },
  };
}
