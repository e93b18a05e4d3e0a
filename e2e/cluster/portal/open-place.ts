import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { buildEchoImage, buildHaproxyImage, buildModelImage } from "#e2e/cluster/images.ts";
import { obtainCluster } from "#e2e/cluster/obtain-cluster.ts";
import type { Place } from "#e2e/cluster/portal/place.ts";
import { makeServiceAccount } from "#e2e/cluster/service-account.ts";
import { startCluster, type Cluster } from "#e2e/cluster/start-cluster.ts";
import { withLastWords } from "#e2e/cluster/with-last-words.ts";
import { findHaproxy } from "#infra/tools/find-haproxy.ts";
import { onPath } from "#infra/tools/on-path.ts";
import { readEnv } from "#lib/env.ts";
import { findPreset } from "#lib/models/catalogue.ts";
import { imageOf } from "#lib/models/image-of.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";
import { defaultProxyImage } from "#lib/targets/kubernetes/proxy-image.ts";

export type OpenPlace = {
  place: Omit<Place, "target" | "key" | "cloud" | "google">;
  close(): Promise<void>;
};

const env = readEnv();

/** A prefix that no registry answers to: what is under it has to be known on the node. */
const ownPrefix = "sluice.test";

/** The cluster that KUBECONFIG leads to, else one of our own, started here. */
export async function openPlace(say: (step: string) => void): Promise<OpenPlace> {
  return process.env.KUBECONFIG ? givenPlace(process.env.KUBECONFIG) : ownPlace(say);
}

async function ownPlace(say: (step: string) => void): Promise<OpenPlace> {
  const folder = process.env.SLUICE_CLUSTER_FOLDER!;
  const programs = await obtainCluster({
    cache: env.SLUICE_CACHE,
    searchPath: env.PATH,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const cluster = await startCluster(folder, { ...programs, onProgress: say });
  try {
    say("Bringing the images");
    const echoImages = [`${ownPrefix}/echo:1`, `${ownPrefix}/echo:2`] as [string, string];
    const rootImage = `${ownPrefix}/echo:root`;
    const bin = path.join(programs.kubernetes, "bin");
    await bringImages(cluster, path.join(folder, "images"), bin, { echoImages, rootImage });
    const { admin, gateway, nodeName, kubectlFile: kubectl, kubeconfigFile } = cluster;
    return {
      place: {
        kubeconfig: await makeServiceAccount(kubectl, kubeconfigFile),
        imagePrefix: ownPrefix,
        admin,
        own: { echoImages, rootImage, gateway, nodeName },
      },
      close: cluster.stop,
    };
  } catch (cause) {
    const error = await withLastWords(cluster.folder, cause);
    await cluster.stop();
    throw error;
  }
}

async function bringImages(
  cluster: Cluster,
  folder: string,
  bin: string,
  { echoImages, rootImage }: { echoImages: string[]; rootImage: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const haproxy = await findHaproxy(env.SLUICE_CACHE, env.PATH);
  if (!haproxy) throw new Error("HAProxy isn't there yet: run npm start once.");
  const sentiment = imageOf(findPreset("sentiment")!, ownPrefix)!;
  await cluster.importImage(await buildModelImage("sentiment", sentiment, folder));
  for (const name of echoImages) await cluster.importImage(await buildEchoImage(name, bin, folder));
  await cluster.importImage(await buildEchoImage(rootImage, bin, folder, "0:0"));
  // The official image is nowhere to be had here: ours takes its name, digest and all.
  const name = `${ownPrefix}/haproxy:1`;
  await cluster.importImage(await buildHaproxyImage(name, haproxy.path, folder), {
    of: name,
    name: defaultProxyImage.replace(/:[^:@]+@/, "@"),
  });
}

async function givenPlace(file: string): Promise<OpenPlace> {
  const imagePrefix = process.env.SLUICE_TEST_IMAGE_PREFIX;
  if (!imagePrefix) {
    throw new Error(
      "With KUBECONFIG, say in SLUICE_TEST_IMAGE_PREFIX where `npm run images -- PREFIX` has pushed our images to.",
    );
  }
  const kubectl = onPath("kubectl", env.PATH);
  if (!kubectl) throw new Error("With KUBECONFIG, kubectl is needed. Put it on PATH.");
  const access = parseKubeconfig(await readFile(file, "utf8"), { now: new Date() });
  const { server, certificateAuthority, credentials } = access;
  return {
    place: {
      kubeconfig: await makeServiceAccount(kubectl, path.resolve(file)),
      admin: {
        url: server,
        ...(certificateAuthority && { ca: certificateAuthority }),
        token: credentials.kind === "token" ? credentials.token : "",
        ...(credentials.kind === "certificate" && {
          client: { cert: credentials.certificate, key: credentials.key },
        }),
      },
      imagePrefix,
      own: null,
    },
    close: async () => undefined,
  };
}
