import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { addresses, ports } from "#e2e/cluster/addresses.ts";
import { requestApi, type ApiServer } from "#e2e/cluster/api.ts";
import type { ContainerRuntime } from "#e2e/cluster/container-runtime.ts";
import type { Parts } from "#e2e/cluster/control-plane.ts";
import { hasCondition } from "#e2e/cluster/has-condition.ts";
import { startProgram } from "#e2e/cluster/program.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

export const nodeName = "node-1";

/** Starts kubelet and kube-proxy, and waits until the node is ready. @param cgroup under which pods' cgroups lie */
export async function startNode(
  parts: Parts,
  api: ApiServer,
  runtime: ContainerRuntime,
  cgroup: string,
): Promise<void> {
  const { folder, bin, programs } = parts;
  const at = (name: string) => path.join(folder, name);
  await mkdir(at("kubelet"), { recursive: true });
  await writeFile(at("kubelet.json"), JSON.stringify(kubeletConfiguration(folder, runtime, cgroup)));
  await writeFile(at("kube-proxy.json"), JSON.stringify(proxyConfiguration(folder)));
  const kubelet = await startProgram(folder, "kubelet", path.join(bin, "kubelet"), [
    `--config=${at("kubelet.json")}`,
    `--kubeconfig=${at("kubeconfig")}`,
    `--hostname-override=${nodeName}`,
    `--node-ip=${addresses.node}`,
    `--cert-dir=${at("kubelet")}`,
  ]);
  const proxy = await startProgram(folder, "kube-proxy", path.join(bin, "kube-proxy"), [
    `--config=${at("kube-proxy.json")}`,
  ]);
  programs.push(kubelet, proxy);
  await waitUntil("the node", async () => {
    await Promise.all([kubelet.check(), proxy.check()]);
    return hasCondition(await requestApi(api, `/api/v1/nodes/${nodeName}`), "Ready");
  });
}

function kubeletConfiguration(folder: string, runtime: ContainerRuntime, cgroup: string): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: addresses.node,
    port: ports.kubelet,
    healthzPort: 0,
    // What a client certificate of the API server's would prove is of no concern inside the namespace.
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: "AlwaysAllow" },
    containerRuntimeEndpoint: `unix://${runtime.socket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    localStorageCapacityIsolation: false,
    makeIPTablesUtilChains: false,
    clusterDomain: "cluster.local",
    clusterDNS: [addresses.node],
    resolvConf: "",
    podLogsDir: path.join(folder, "pod-logs"),
    volumePluginDir: path.join(folder, "kubelet/volume-plugins"),
    // A full disk of the machine is no reason to evict a test's pod or to drop an image that nothing can fetch again.
    evictionHard: { "memory.available": "10Mi", "nodefs.available": "0%", "imagefs.available": "0%" },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    serializeImagePulls: false,
    syncFrequency: "5s",
    nodeStatusUpdateFrequency: "2s",
  };
}

function proxyConfiguration(folder: string): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    clientConnection: { kubeconfig: path.join(folder, "kubeconfig") },
    hostnameOverride: nodeName,
    clusterCIDR: addresses.pods,
    healthzBindAddress: `127.0.0.1:${ports.proxyHealth}`,
    metricsBindAddress: `127.0.0.1:${ports.proxyMetrics}`,
    conntrack: { maxPerCore: 0, min: 0 },
    iptables: { minSyncPeriod: "100ms" },
  };
}
