import { writeFile } from "node:fs/promises";
import path from "node:path";
import { addresses } from "#e2e/cluster/addresses.ts";
import { requestApi, type ApiServer } from "#e2e/cluster/api.ts";
import type { Parts } from "#e2e/cluster/control-plane.ts";
import { hasCondition } from "#e2e/cluster/has-condition.ts";
import { startProgram } from "#e2e/cluster/program.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";

/** A listener of a Gateway of this class needs one of these ports; they answer on the address of the node. */
export const gateway = {
  className: "traefik",
  address: addresses.node,
  httpPort: 80,
  httpsPort: 443,
} as const;

/** Starts Traefik beside the cluster as a Gateway API controller, and waits until its class is accepted. */
export async function startGateway(
  { folder, programs }: Parts,
  api: ApiServer,
  traefik: string,
  kubectl: (args: string[], input?: string) => Promise<string>,
  types: string,
): Promise<void> {
  await kubectl(["apply", "--server-side", "-f", types]);
  await kubectl(["wait", "--for=condition=Established", "--timeout=30s", "crd", "--all"]);
  const ca = path.join(folder, "certificates/apiserver.crt");
  const configuration = {
    entryPoints: {
      web: { address: `${gateway.address}:${gateway.httpPort}` },
      websecure: { address: `${gateway.address}:${gateway.httpsPort}` },
    },
    providers: {
      kubernetesGateway: {
        endpoint: api.url,
        token: api.token,
        certAuthFilePath: ca,
        statusAddress: { ip: addresses.node },
      },
    },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: "INFO" },
  };
  const file = path.join(folder, "traefik.yaml");
  await writeFile(file, JSON.stringify(configuration), { mode: 0o600 });
  const program = await startProgram(folder, "traefik", traefik, [`--configfile=${file}`]);
  programs.push(program);
  const address = `/apis/gateway.networking.k8s.io/v1/gatewayclasses/${gateway.className}`;
  await requestApi(api, `${address}?fieldManager=tests`, {
    method: "PATCH",
    body: {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "GatewayClass",
      metadata: { name: gateway.className },
      spec: { controllerName: "traefik.io/gateway-controller" },
    },
  });
  await waitUntil("the gateway class to be accepted", async () => {
    await program.check();
    return hasCondition(await requestApi(api, address), "Accepted");
  });
}
