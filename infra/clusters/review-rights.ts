import { Refused, type Cluster } from "#infra/clusters/ask-cluster.ts";
import type { Findings } from "#lib/targets/kubernetes/findings.ts";
import { rights } from "#lib/targets/kubernetes/rights.ts";

const address = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/** Asks the cluster for each right, in all namespaces: nothing but its own answer knows every way to get one. */
export async function reviewRights(cluster: Cluster): Promise<Findings["rights"]> {
  return Promise.all(
    rights.map(async ({ group, resource, verbs, need }) => {
      const answers = await Promise.all(
        verbs.map(async (verb) => ({ verb, allowed: await isAllowed(cluster, { group, resource, verb }) })),
      );
      const those = (allowed: boolean) => answers.filter((a) => a.allowed === allowed).map((a) => a.verb);
      return { group, resource, need, allowed: those(true), denied: those(false) };
    }),
  );
}

async function isAllowed(
  cluster: Cluster,
  right: { group: string; resource: string; verb: string },
): Promise<boolean> {
  const [resource, subresource] = right.resource.split("/");
  const { status, body } = await cluster.post(address, {
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
  });
  // Who may not even ask has none of them.
  if (status === 403) return false;
  if (status !== 200 && status !== 201) throw new Refused(status);
  return (body as { status?: { allowed?: boolean } } | null)?.status?.allowed === true;
}
