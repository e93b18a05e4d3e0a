import { startController, type Controller } from "#e2e/cloud/controller/controller.ts";
import { openFront, type Front } from "#e2e/cloud/controller/front.ts";
import { probePod } from "#e2e/cloud/controller/probe.ts";
import { knownCluster, type Lateness, type World } from "#e2e/cloud/controller/world.ts";
import { startForwarding, type Delays } from "#e2e/cloud/google/forwarding/forwarding.ts";
import type { ClusterRef } from "#e2e/cloud/google/model.ts";
import type { Durations } from "#e2e/cloud/google/operations.ts";
import { serveGoogle, type Google } from "#e2e/cloud/google/serve.ts";
import { addresses } from "#e2e/cluster/addresses.ts";
import { askApi, requestApi, type ApiServer, type KubernetesObject } from "#e2e/cluster/api.ts";
import { removeNamespace } from "#e2e/cluster/remove-namespace.ts";
import { run } from "#infra/tools/run.ts";
import { testAuthority } from "#lib/targets/kubernetes/authority-for-test.ts";

/** Addresses for documentation (RFC 5737). In a namespace of its own all of them lead to this machine. */
const ranges = { callers: "203.0.113.", controlPlanes: "198.51.100." };

export type Cloud = {
  google: Google;
  controller: Controller;
  /** PEM of who vouches for managed certificates, as the world does for Google's */
  authority: string;
  lateness: Lateness;
  /** How late the edges of Google's know of a project's changes: what is written into it counts from then on. */
  edgesOf(project: string): Delays;
  close(): Promise<void>;
};

export type CloudOptions = {
  /** the folder that obtainDiscovery gave */
  documents: string;
  /** the test cluster, which is behind every cluster of the model's */
  admin: ApiServer;
  durations?: Durations;
};

/**
 * Opens a whole cloud in a network namespace: the model of Google's APIs, control planes before the test cluster,
 * GKE's controllers, and the load balancers' addresses. Needs root.
 */
export async function openCloud({ documents, admin, durations }: CloudOptions): Promise<Cloud> {
  for (const range of Object.values(ranges)) await leadHere(`${range}0/24`);
  const fronts = new Map<string, Promise<Front>>();
  const namespaces = new Map<string, string>();
  const going: Promise<void>[] = [];
  let plane = 10;
  const google: Google = await serveGoogle({
    documents,
    durations,
    surroundings: {
      nextAddress: () => freeAddress(google),
      probe: probePod(() => google),
      async openCluster(cluster) {
        const key = keyOf(cluster);
        const front = openFront({
          cluster,
          address: `${ranges.controlPlanes}${plane++}`,
          model: {
            get tokens() {
              return google.tokens;
            },
            get permissions() {
              return google.permissions;
            },
          },
          admin,
          onWrite: (namespace) => void namespaces.set(namespace, key),
        });
        fronts.set(key, front);
        return front;
      },
      async closeCluster(cluster) {
        const key = keyOf(cluster);
        const own = [...namespaces].filter(([, of]) => of === key).map(([namespace]) => namespace);
        for (const namespace of own) namespaces.delete(namespace);
        await (await fronts.get(key))?.close();
        fronts.delete(key);
        for (const namespace of own) {
          const removal = removeWithCluster(admin, namespace);
          // Told when all closes.
          removal.catch(() => undefined);
          going.push(removal);
        }
      },
    },
  });
  const lateness: Lateness = { endpointsMs: 300, collectMs: 1_000 };
  const edges = new Map<string, Delays>();
  const edgesOf = (project: string) => {
    const known = edges.get(project) ?? { first: 0, last: 0 };
    edges.set(project, known);
    return known;
  };
  const authority = await testAuthority("authority of managed certificates");
  const controller = startController(worldOf({ google, admin, lateness, fronts, namespaces }));
  const forwarding = startForwarding(google, {
    delays: edgesOf,
    async issue(domains) {
      const [commonName = ""] = domains;
      const { certificate, key } = await authority.issue({ commonName, names: domains });
      return { certificate, privateKey: key };
    },
  });
  return {
    google,
    controller,
    authority: authority.certificate,
    lateness,
    edgesOf,
    async close() {
      await controller.close();
      await forwarding.close();
      for (const front of fronts.values()) await (await front).close();
      const ended = await Promise.allSettled(going);
      await google.close();
      for (const one of ended) if (one.status === "rejected") throw one.reason;
    },
  };
}

const keyOf = ({ project, location, name }: ClusterRef) =>
  `container/projects/${project}/locations/${location}/clusters/${name}`;

type Known = Pick<World, "google" | "admin" | "lateness"> & {
  fronts: Map<string, unknown>;
  namespaces: Map<string, string>;
};

function worldOf({ fronts, namespaces, ...given }: Known): World {
  const seen = new Map<string, { like: string; since: number }>();
  const known = (key: string | undefined) =>
    key !== undefined && fronts.has(key) ? knownCluster(given.google, key) : null;
  return {
    ...given,
    clusterOf: (namespace) => known(namespaces.get(namespace)),
    clusters: () => [...fronts.keys()].flatMap((key) => known(key) ?? []),
    isDue(thing, like, ms) {
      const before = seen.get(thing);
      const now = performance.now();
      if (before?.like === like) return now - before.since >= ms;
      seen.set(thing, { like, since: now });
      return ms <= 0;
    },
  };
}

/** A packet to any address of a range comes to this machine, from the node's own address. */
async function leadHere(range: string): Promise<void> {
  const { code, output } = await run("ip", [
    ...["route", "replace", "local", range, "dev", "lo", "src", addresses.node],
  ]);
  if (code !== 0) throw new Error(`ip route: ${output}`);
}

function freeAddress({ store }: Google): string {
  const taken = new Set(store.all().flatMap(({ body }) => [body.address, body.IPAddress]));
  for (let last = 10; last < 255; last++) {
    const address = `${ranges.callers}${last}`;
    if (!taken.has(address)) return address;
  }
  throw new Error("No address is left.");
}

/** What is in a cluster goes with it, what its controllers hold on to too. Nobody waits for it. */
async function removeWithCluster(admin: ApiServer, namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/services`;
  const { status, body } = await askApi(admin, path);
  for (const { metadata } of status === 200 ? (body.items as KubernetesObject[]) : []) {
    if (!metadata.finalizers) continue;
    await requestApi(admin, `${path}/${metadata.name}`, {
      method: "PATCH",
      contentType: "application/merge-patch+json",
      body: { metadata: { finalizers: null } },
    });
  }
  await removeNamespace(admin, namespace);
}
