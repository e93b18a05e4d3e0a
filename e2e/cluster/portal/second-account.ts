import { randomUUID } from "node:crypto";
import type { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

const namespace = "sluice-system";
const rbac = "/apis/rbac.authorization.k8s.io/v1";

/** Another account with the rights of ours, and what a check may do to it. */
export type SecondAccount = {
  kubeconfig: string;
  /** where its role is in the API server */
  rolePath: string;
  /** Ends its token, so that the API server no longer knows who has it. */
  endToken(): Promise<void>;
};

/** Makes an account of a check's own: taking its rights or its token disturbs no other check. */
export async function secondAccount(on: OnCluster): Promise<SecondAccount> {
  const name = `sluice-${randomUUID().slice(0, 6)}`;
  const { rules } = await on.request(`${rbac}/clusterroles/sluice`);
  const make = (path: string, apiVersion: string, kind: string, more: object, metadata: object = {}) =>
    on.request(path, {
      method: "POST",
      body: { apiVersion, kind, metadata: { name, ...metadata }, ...more },
    });
  const version = "rbac.authorization.k8s.io/v1";
  await make(`/api/v1/namespaces/${namespace}/serviceaccounts`, "v1", "ServiceAccount", {});
  await make(`${rbac}/clusterroles`, version, "ClusterRole", { rules });
  await make(`${rbac}/clusterrolebindings`, version, "ClusterRoleBinding", {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  });
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  const annotations = { "kubernetes.io/service-account.name": name };
  await make(secrets, "v1", "Secret", { type: "kubernetes.io/service-account-token" }, { annotations });
  const token = await waitUntil("a token", async () => {
    const { data } = (await on.request(`${secrets}/${name}`)) as { data?: { token?: string } };
    return data?.token && Buffer.from(data.token, "base64").toString();
  });
  return {
    kubeconfig: on.place.kubeconfig.replace(/token: "[^"]+"/, `token: "${token}"`),
    rolePath: `${rbac}/clusterroles/${name}`,
    async endToken() {
      await on.request(`${secrets}/${name}`, { method: "DELETE" });
      await waitUntil(
        "the token to be over",
        async () => (await on.ask("/version", { token })).status === 401,
      );
    },
  };
}
