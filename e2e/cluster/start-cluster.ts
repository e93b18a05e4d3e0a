import path from "node:path";
import { addresses } from "#e2e/cluster/addresses.ts";
import {
  askApi,
  requestApi,
  type ApiRequest,
  type ApiServer,
  type KubernetesObject,
} from "#e2e/cluster/api.ts";
import { buildPauseImage } from "#e2e/cluster/images.ts";
import { ClusterError } from "#e2e/cluster/cluster-error.ts";
import { startContainerRuntime, type ContainerRuntime } from "#e2e/cluster/container-runtime.ts";
import { interruptApiServer, startControlPlane, type Parts } from "#e2e/cluster/control-plane.ts";
import { startDns } from "#e2e/cluster/dns.ts";
import { gateway, startGateway } from "#e2e/cluster/gateway.ts";
import { kubeconfigOf } from "#e2e/cluster/kubeconfig.ts";
import { startMetrics } from "#e2e/cluster/metrics.ts";
import { nodeName, startNode } from "#e2e/cluster/node.ts";
import { searchPath } from "#e2e/cluster/obtain-packages.ts";
import { preparePlace } from "#e2e/cluster/place.ts";
import {
  addSimulatedNodes,
  removeSimulatedNodes,
  startSimulation,
  type SimulatedNodes,
} from "#e2e/cluster/simulated-nodes.ts";
import { stopPrograms } from "#e2e/cluster/stop-programs.ts";
import { withLastWords } from "#e2e/cluster/with-last-words.ts";
import { tryLock } from "#infra/processes/lock.ts";
import { run } from "#infra/tools/run.ts";

export type Cluster = {
  /** all that it has is in there */
  folder: string;
  /** what an administrator has: it holds certificate and token, and names no file */
  kubeconfig: string;
  /** the same as a file, and the kubectl of the cluster's version, for what must be a process */
  kubeconfigFile: string;
  kubectlFile: string;
  /** where the API server is, and an administrator's token */
  admin: ApiServer;
  /** the same kubeconfig for another's token */
  kubeconfigFor(token: string): string;
  /** `https://ADDRESS:PORT`, with the address of the node */
  url: string;
  /** where NodePorts answer, besides 127.0.0.1 */
  nodeAddress: string;
  nodeName: string;
  /** what a Gateway needs here: class, and the ports that its listeners may have */
  gateway: typeof gateway;
  /** Asks the API server; what it refuses is a ClusterError. */
  request(path: string, options?: ApiRequest): Promise<KubernetesObject>;
  /** Asks the API server, whatever it answers. */
  ask(path: string, options?: ApiRequest): Promise<{ status: number; body: KubernetesObject }>;
  /** @param input what `-f -` reads. @returns what it printed */
  kubectl(args: string[], input?: string): Promise<string>;
  /** Makes an image known on the node: a tar as buildImage makes it. */
  importImage: ContainerRuntime["importImage"];
  addSimulatedNodes(nodes: SimulatedNodes): Promise<string[]>;
  removeSimulatedNodes(): Promise<void>;
  /** Ends the API server as if it had died. @returns what brings it back, with what it knew, at the same address */
  interruptApiServer(): Promise<() => Promise<void>>;
  /** Ends all of it and leaves nothing: no process, mount, control group, packet rule, file. */
  stop(): Promise<void>;
};

export type ClusterOptions = {
  /** the folder that obtainKubernetes gives */
  kubernetes: string;
  /** the program that obtainTraefik gives; without it there is no gateway class */
  traefik?: string;
  /** without it: no metrics API */
  metrics?: boolean;
  /** called at each step */
  onProgress?(step: string): void;
};

/**
 * Starts a whole Kubernetes with one real node, in the network namespace that this process is in.
 *
 * @param folder SLUICE_CLUSTER_FOLDER, as inNetworkNamespace has set it
 * @throws ClusterError
 */
export async function startCluster(folder: string | undefined, options: ClusterOptions): Promise<Cluster> {
  const { onProgress = () => undefined, metrics = true } = options;
  const lock = await tryLock("test cluster"); // of this network namespace: such locks are the namespace's
  if (!lock) throw new ClusterError("already_running", "A test cluster runs in this namespace already.");
  const place = await preparePlace(folder).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  const parts: Parts = { folder: place.folder, bin: path.join(options.kubernetes, "bin"), programs: [] };
  const stop = async () => {
    await stopPrograms(parts);
    await place.clear();
    await lock.release();
  };
  try {
    onProgress("Starting the control plane");
    const api = await startControlPlane(parts);
    const kubectl = kubectlOf(parts);
    onProgress("Starting the node");
    const runtime = await startContainerRuntime(parts);
    await runtime.importImage(await buildPauseImage(parts.bin, parts.folder));
    await startNode(parts, api, runtime, place.cgroup);
    onProgress("Starting DNS, metrics and gateway");
    await Promise.all([
      startDns(parts),
      startSimulation(parts),
      metrics ? startMetrics(parts, api) : null,
      options.traefik
        ? startGateway(parts, api, options.traefik, kubectl, path.join(options.kubernetes, "gateway-api"))
        : null,
    ]);
    return {
      folder: parts.folder,
      kubeconfig: kubeconfigOf(api),
      kubeconfigFile: path.join(parts.folder, "kubeconfig"),
      kubectlFile: path.join(parts.bin, "kubectl"),
      admin: api,
      kubeconfigFor: (token) => kubeconfigOf({ ...api, token }),
      url: api.url,
      nodeAddress: addresses.node,
      nodeName,
      gateway,
      request: (address, request) => requestApi(api, address, request),
      ask: (address, request) => askApi(api, address, request),
      kubectl,
      importImage: runtime.importImage,
      addSimulatedNodes: (nodes) => addSimulatedNodes(api, nodes),
      removeSimulatedNodes: () => removeSimulatedNodes(api),
      interruptApiServer: () => interruptApiServer(parts, api),
      stop,
    };
  } catch (cause) {
    const error = await withLastWords(place.folder, cause);
    await stop();
    throw error;
  }
}

function kubectlOf({ folder, bin }: Parts): Cluster["kubectl"] {
  return async (args, input) => {
    const env = {
      KUBECONFIG: path.join(folder, "kubeconfig"),
      PATH: searchPath,
      HOME: folder,
    };
    const { code, output } = await run(path.join(bin, "kubectl"), args, { env, input });
    if (code !== 0) throw new ClusterError("refused", `kubectl ${args.join(" ")}: ${output}`);
    return output;
  };
}
