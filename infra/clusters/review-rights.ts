import { unlessRefused, type Cluster } from "#infra/clusters/ask-cluster.ts";
import type { Findings } from "#lib/targets/kubernetes/findings.ts";
import { rights, type Right } from "#lib/targets/kubernetes/rights.ts";

const address = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/** Asks the cluster for each right, in all namespaces: nothing but its own answer knows every way to get one. */
export async function reviewRights(cluster: Cluster): Promise<Findings["rights"]> {
  return Promise.all(rights.map((right) => review(cluster, right)));
}

/** One verb after the other: a cluster that counts requests sees as many at once as there are resources. */
async function review(cluster: Cluster, right: Right): Promise<Findings["rights"][number]> {
  const { group, resource, need, verbs } = right;
  const found = { group, resource, need, allowed: [] as string[], denied: [] as string[] };
  for (const verb of verbs) {
    const allowed = await isAllowed(cluster, { group, resource, verb });
    found[allowed ? "allowed" : "denied"].push(verb);
  }
  return found;
}

async function isAllowed(
  cluster: Cluster,
  right: { group: string; resource: string; verb: string },
): Promise<boolean> {
  const [resource, subresource] = right.resource.split("/");
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: {
      resourceAttributes: {
        group: right.group,
        resource,
        verb: right.verb,
        ...(subresource ? { subresource } : {}),
      },
    },
  };
  // Who may not even ask has none of them.
  const answer = await unlessRefused(cluster.post(address, review), { 403: null });
  return (answer as { status?: { allowed?: boolean } } | null)?.status?.allowed === true;
}
