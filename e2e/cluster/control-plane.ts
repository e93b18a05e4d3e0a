import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { addresses, ports } from "#e2e/cluster/addresses.ts";
import { askApi, type ApiServer } from "#e2e/cluster/api.ts";
import { kubeconfigOf } from "#e2e/cluster/kubeconfig.ts";
import { startProgram, type Program } from "#e2e/cluster/program.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

export type Parts = {
  /** the cluster's folder */
  folder: string;
  /** where the cluster's programs are */
  bin: string;
  programs: Program[];
};

/** A horizontal autoscaler that a test can wait for: by default it looks every 15 s, and not at a young pod. */
const impatient = [
  "--horizontal-pod-autoscaler-sync-period=2s",
  "--horizontal-pod-autoscaler-initial-readiness-delay=1s",
  "--horizontal-pod-autoscaler-cpu-initialization-period=1s",
  "--horizontal-pod-autoscaler-downscale-stabilization=10s",
];

/** Starts etcd and the control plane. @returns how its administrator reaches it; `kubeconfig` lies in the folder */
export async function startControlPlane(parts: Parts): Promise<ApiServer> {
  const { folder, bin, programs } = parts;
  const etcdUrl = await startEtcd(parts);
  const at = (name: string) => path.join(folder, name);
  const token = randomBytes(24).toString("hex");
  await writeFile(at("tokens.csv"), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await writeFile(at("accounts.key"), privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  await writeFile(at("accounts.pub"), publicKey.export({ type: "spki", format: "pem" }));

  const apiServer = await startProgram(folder, "kube-apiserver", path.join(bin, "kube-apiserver"), [
    `--etcd-servers=${etcdUrl}`,
    "--bind-address=0.0.0.0",
    `--advertise-address=${addresses.node}`,
    `--secure-port=${ports.apiServer}`,
    `--cert-dir=${at("certificates")}`,
    `--service-cluster-ip-range=${addresses.services}`,
    `--token-auth-file=${at("tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--anonymous-auth=false",
    "--allow-privileged=true",
    "--enable-aggregator-routing=true",
    "--kubelet-preferred-address-types=InternalIP", // no name leads to the node
    "--feature-gates=WatchList=false", // Debian's etcd can't do what it needs, so watches would end at once
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${at("accounts.pub")}`,
    `--service-account-signing-key-file=${at("accounts.key")}`,
  ]);
  programs.push(apiServer);
  const api = await waitUntil("the API server", async () => {
    await apiServer.check();
    const ca = await readFile(at("certificates/apiserver.crt"), "utf8");
    const found = { url: `https://${addresses.node}:${ports.apiServer}`, ca, token };
    return (await askApi(found, "/readyz")).status === 200 ? found : null;
  });
  await writeFile(at("kubeconfig"), kubeconfigOf(api), { mode: 0o600 });

  const client = [`--kubeconfig=${at("kubeconfig")}`, "--leader-elect=false", "--bind-address=127.0.0.1"];
  const manager = [
    "--service-account-private-key-file=" + at("accounts.key"),
    "--root-ca-file=" + at("certificates/apiserver.crt"),
    "--node-monitor-period=2s",
    "--node-monitor-grace-period=20s",
    ...impatient,
  ];
  for (const [name, port, more] of [
    ["kube-controller-manager", ports.controllerManager, manager],
    ["kube-scheduler", ports.scheduler, []],
  ] as const) {
    const args = [...client, `--secure-port=${port}`, `--cert-dir=${at(name)}`, ...more];
    programs.push(await startProgram(folder, name, path.join(bin, name), args));
  }
  return api;
}

/** Ends the API server as if it had died. @returns what starts it again and waits until it answers */
export async function interruptApiServer({ programs }: Parts, api: ApiServer): Promise<() => Promise<void>> {
  const index = programs.findIndex(({ name }) => name === "kube-apiserver");
  await programs[index]!.stop("SIGKILL");
  return async () => {
    programs[index] = await programs[index]!.startAgain();
    await waitUntil("the API server", async () => (await askApi(api, "/readyz")).status === 200);
  };
}

async function startEtcd({ folder, programs }: Parts): Promise<string> {
  const [client, peer] = [`http://127.0.0.1:${ports.etcd}`, `http://127.0.0.1:${ports.etcdPeer}`];
  programs.push(
    await startProgram(folder, "etcd", "etcd", [
      `--data-dir=${path.join(folder, "etcd")}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      "--logger=zap",
    ]),
  );
  return client;
}
