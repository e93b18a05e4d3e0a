import { createHash } from "node:crypto";
import { asker, type Answer } from "#e2e/cloud/google/google-for-test.ts";
import { objectAt, stringAt } from "#e2e/cloud/google/json.ts";
import type { Google } from "#e2e/cloud/google/serve.ts";
import { requestApi, type ApiServer, type KubernetesObject } from "#e2e/cluster/api.ts";

/** A cluster of the model's that is open, as GKE's controllers know it. */
export type KnownCluster = {
  /** in the model's store */
  key: string;
  project: string;
  name: string;
  region: string;
  /** where its nodes are now */
  zones: string[];
  /** partial links */
  network: string;
  subnetwork: string;
};

/** How late GKE's controllers are, in milliseconds. */
export type Lateness = {
  /** until a pod's address comes into its group, or goes out of it */
  endpointsMs: number;
  /** until a group that nobody uses goes */
  collectMs: number;
};

/** What GKE's controllers work on. */
export type World = {
  google: Google;
  admin: ApiServer;
  lateness: Lateness;
  /** the cluster that something of this namespace was written through, while it is open */
  clusterOf(namespace: string): KnownCluster | null;
  clusters(): KnownCluster[];
  /** Whether a thing has been like this for so long. */
  isDue(thing: string, like: string, ms: number): boolean;
};

/** @returns null while it is made, or once it is gone */
export function knownCluster(google: Google, key: string): KnownCluster | null {
  const body = google.store.get(key)?.body;
  if (body?.status !== "RUNNING") return null;
  const [, , project = "", , location = "", , name = ""] = key.split("/");
  const network = objectAt(body, "networkConfig");
  return {
    key,
    project,
    name,
    region: location.split("-").slice(0, 2).join("-"),
    zones: zonesOfNodes(google, project, name),
    network: stringAt(network, "network"),
    subnetwork: stringAt(network, "subnetwork"),
  };
}

/** What a cluster says of its zones counts for pools to come: here it is the machines themselves that tell. */
function zonesOfNodes({ store }: Google, project: string, cluster: string): string[] {
  const isNode = new RegExp(`^compute/projects/${project}/zones/([^/]+)/instances/`);
  const found = store.all().flatMap(({ key, body }) => {
    const [, zone] = isNode.exec(key) ?? [];
    return zone && objectAt(body, "labels")["goog-k8s-cluster-name"] === cluster ? [zone] : [];
  });
  return [...new Set(found)].sort();
}

/** Asks Compute Engine as GKE's own account in the project does. @throws Error with Google's words */
export async function write(
  { google }: World,
  project: string,
  method: "POST" | "DELETE",
  path: string,
  body?: object,
): Promise<Answer["body"]> {
  const number = google.projects.get(project)?.number ?? "";
  const robot = `service-${number}@container-engine-robot.iam.gserviceaccount.com`;
  google.permissions.allow(project, robot);
  const ask = asker(google, google.tokens.issue(robot));
  const answer = await ask(method, `/compute/beta/projects/${project}/${path}`, body);
  if (answer.status < 300) return answer.body;
  throw new Error(`GKE's controller: ${method} ${path}: ${JSON.stringify(answer.body)}`);
}

/** Lays a merge patch on an object of the real cluster. @param path of it, or of its status */
export function patch({ admin }: World, path: string, body: object): Promise<KubernetesObject> {
  return requestApi(admin, path, {
    method: "PATCH",
    contentType: "application/merge-patch+json",
    body,
  });
}

export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** Whether something is kept and nothing goes on with it. */
export function isSettled({ google }: World, key: string): boolean {
  const found = google.store.get(key);
  return found !== undefined && !found.fresh && found.busy === null;
}
