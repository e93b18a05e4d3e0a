import path from "node:path";
import { addresses, ports } from "#e2e/cluster/addresses.ts";
import { requestApi, type ApiServer } from "#e2e/cluster/api.ts";
import type { Parts } from "#e2e/cluster/control-plane.ts";
import { hasCondition } from "#e2e/cluster/has-condition.ts";
import { simulated } from "#e2e/cluster/simulated-nodes.ts";
import { startProgram } from "#e2e/cluster/program.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

const group = "v1beta1.metrics.k8s.io";

/** Starts metrics-server beside the cluster, makes it known as the metrics API, and waits until that answers. */
export async function startMetrics({ folder, bin, programs }: Parts, api: ApiServer): Promise<void> {
  const kubeconfig = path.join(folder, "kubeconfig");
  const program = await startProgram(folder, "metrics-server", path.join(bin, "metrics-server"), [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    `--bind-address=${addresses.node}`,
    `--secure-port=${ports.metrics}`,
    `--cert-dir=${path.join(folder, "metrics-server")}`,
    "--kubelet-insecure-tls",
    "--kubelet-use-node-status-port",
    "--kubelet-preferred-address-types=InternalIP",
    `--node-selector=!${simulated}`,
    "--metric-resolution=10s", // the least it takes
    "--kubelet-request-timeout=9s",
  ]);
  programs.push(program);
  for (const object of objects())
    await requestApi(api, `${object.path}?fieldManager=tests&force=true`, {
      method: "PATCH",
      body: object.body,
    });
  await waitUntil("the metrics API", async () => {
    await program.check();
    return hasCondition(
      await requestApi(api, `/apis/apiregistration.k8s.io/v1/apiservices/${group}`),
      "Available",
    );
  });
}

function objects(): { path: string; body: object }[] {
  const metadata = { name: "metrics-server", namespace: "kube-system" };
  const role = "metrics-reader-behind-the-api-server";
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  return [
    {
      path: "/api/v1/namespaces/kube-system/services/metrics-server",
      body: {
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: { ports: [{ port: 443, targetPort: ports.metrics }] },
      },
    },
    {
      path: "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices/metrics-server",
      body: {
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        metadata: { ...metadata, labels: { "kubernetes.io/service-name": "metrics-server" } },
        addressType: "IPv4",
        endpoints: [{ addresses: [addresses.node], conditions: { ready: true } }],
        ports: [{ port: ports.metrics, name: "" }],
      },
    },
    {
      path: `/apis/apiregistration.k8s.io/v1/apiservices/${group}`,
      body: {
        apiVersion: "apiregistration.k8s.io/v1",
        kind: "APIService",
        metadata: { name: group },
        spec: {
          group: "metrics.k8s.io",
          version: "v1beta1",
          service: { name: "metrics-server", namespace: "kube-system" },
          insecureSkipTLSVerify: true,
          groupPriorityMinimum: 100,
          versionPriority: 100,
        },
      },
    },
    // The API server, which lets nobody in without a name, has asked who may; what it hands on bears no certificate.
    {
      path: `${rbac}/clusterroles/${role}`,
      body: {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: role },
        rules: [
          { apiGroups: ["metrics.k8s.io"], resources: ["pods", "nodes"], verbs: ["get", "list"] },
          { nonResourceURLs: ["/apis/metrics.k8s.io", "/apis/metrics.k8s.io/*"], verbs: ["get"] },
        ],
      },
    },
    {
      path: `${rbac}/clusterrolebindings/${role}`,
      body: {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: role },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "system:anonymous" }],
      },
    },
  ];
}
