/**
 * The addresses inside the cluster's network namespace. The node's own one lies on the loopback interface: kubelet
 * refuses one of 127.0.0.0/8.
 */
export const addresses = {
  node: "10.89.0.1",
  pods: "10.88.0.0/24",
  services: "10.96.0.0/16",
} as const;

/**
 * Where the cluster's programs listen: the namespace is the cluster's own, so each has the port that it has by custom
 * (https://kubernetes.io/docs/reference/networking/ports-and-protocols/). None is among those that the kernel gives to
 * clients: a port that was free a moment ago may be a client's by the time that a program wants it.
 */
export const ports = {
  etcd: 2379,
  etcdPeer: 2380,
  apiServer: 6443,
  controllerManager: 10257,
  scheduler: 10259,
  kubelet: 10250,
  proxyHealth: 10256,
  proxyMetrics: 10249,
  dnsReady: 8181,
  metrics: 4443,
  simulation: 10247,
} as const;
