import { backendLines } from "#infra/haproxy/backend.ts";
import { httpDefaults, tcpDefaults } from "#infra/haproxy/defaults.ts";
import { httpFrontend, redirectFrontend, tcpFrontend } from "#infra/haproxy/frontend.ts";
import { quote } from "#infra/haproxy/quote.ts";
import type { BalancedDeployment, BalancerModel } from "#infra/local-runtime/haproxy/model.ts";
import { serverLine } from "#infra/local-runtime/haproxy/render-server.ts";
import { affinityCookieName } from "#lib/routing/affinity-cookie.ts";

/**
 * The whole configuration of this machine's HAProxy: all deployments, their replicas on unix sockets, the log on
 * an inherited file descriptor. The same model gives the same text.
 */
export function renderConfig(model: BalancerModel): string {
  const of = (layer: 4 | 7) => model.deployments.filter((deployment) => deployment.layer === layer);
  const byConnection = of(4);
  const lines = [
    ...globalLines(model),
    ...httpDefaults(),
    ...of(7).flatMap((deployment) => deploymentLines(model, deployment)),
    ...(byConnection.length > 0 ? tcpDefaults() : []),
    ...byConnection.flatMap((deployment) => deploymentLines(model, deployment)),
  ];
  return `${lines.join("\n")}\n`;
}

function globalLines(model: BalancerModel): string[] {
  return [
    "global",
    `  stats socket ${quote(model.adminSocket)} mode 600 level admin expose-fd listeners`,
    `  hard-stop-after ${model.hardStopAfter}s`,
    // Two threads that log at the same moment would drop a line (fd_write_frag_line gives up), and the counts
    // are to be exact. One does some 20,000 requests a second.
    "  nbthread 1",
    // Else another HAProxy could listen on the same port, and the kernel would share the requests out.
    "  noreuseport",
  ];
}

function deploymentLines(model: BalancerModel, deployment: BalancedDeployment): string[] {
  const { id, layer, pools } = deployment;
  return [
    ...endpointLines(model, deployment),
    ...pools.flatMap((pool) =>
      backendLines({
        deploymentId: id,
        layer,
        ...pool,
        cookie: [`  cookie ${affinityCookieName(id)} insert indirect nocache httponly`],
        servers: pool.servers.map((server) => serverLine(layer, pool, server)),
      }),
    ),
  ];
}

function endpointLines(model: BalancerModel, { id, layer, endpoint, keyMap, routes }: BalancedDeployment) {
  if (!endpoint) return [];
  const host = model.bind.includes(":") ? `[${model.bind}]` : model.bind;
  const { port, access, certificate, redirectFrom } = endpoint;
  const secure = certificate === null ? "" : ` ssl crt ${quote(certificate)} alpn http/1.1`;
  const frontend = {
    deploymentId: id,
    access,
    binds: [`${host}:${port}${secure}`],
    logTo: `fd@${model.logFd} len 4096 format raw local0`,
    keyMap,
    routes,
    cookies: (variant: string) => `{ req.cook(${affinityCookieName(id)}) -m beg ${variant}. }`,
  };
  return [
    ...(redirectFrom === null ? [] : redirectFrontend(id, `${host}:${redirectFrom}`, port)),
    ...(layer === 4 ? tcpFrontend(frontend) : httpFrontend(frontend)),
  ];
}
