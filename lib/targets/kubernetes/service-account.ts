import { stringify } from "yaml";
import { rights } from "#lib/targets/kubernetes/rights.ts";

const name = "sluice";
const namespace = "sluice-system";

/**
 * What an admin of a cluster applies so that Sluice can have an account of its own there: a namespace, a
 * ServiceAccount with a token that doesn't end, a ClusterRole with exactly the rights that are checked, and the
 * binding of the two.
 */
export function serviceAccountManifest(): string {
  const metadata = { name };
  const objects = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace, annotations: { "kubernetes.io/service-account.name": name } },
      type: "kubernetes.io/service-account-token",
    },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata, rules: roleRules() },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  ];
  return objects
    .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n");
}

/** The rights as rules of a role: resources of one group with the same verbs share a rule. */
export function roleRules(): { apiGroups: string[]; resources: string[]; verbs: string[] }[] {
  const rules = new Map<string, { apiGroups: string[]; resources: string[]; verbs: string[] }>();
  for (const { group, resource, verbs } of rights) {
    const key = `${group} ${verbs.join()}`;
    const rule = rules.get(key) ?? { apiGroups: [group], resources: [], verbs: [...verbs] };
    rule.resources.push(resource);
    rules.set(key, rule);
  }
  return [...rules.values()];
}

/** Prints a kubeconfig of that account, without `exec`, of the cluster that kubectl talks to now. */
export const kubeconfigCommand = `SERVER=$(kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}')
CA=$(kubectl -n ${namespace} get secret ${name} -o jsonpath='{.data.ca\\.crt}')
TOKEN=$(kubectl -n ${namespace} get secret ${name} -o jsonpath='{.data.token}' | base64 -d)
cat <<END
apiVersion: v1
kind: Config
current-context: ${name}
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}]
clusters: [{name: ${name}, cluster: {server: "$SERVER", certificate-authority-data: "$CA"}}]
users: [{name: ${name}, user: {token: "$TOKEN"}}]
END`;
