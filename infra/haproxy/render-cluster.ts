import { backendLines } from "#infra/haproxy/backend.ts";
import { httpDefaults } from "#infra/haproxy/defaults.ts";
import { httpFrontend, redirectFrontend } from "#infra/haproxy/frontend.ts";
import { backendName } from "#infra/haproxy/names.ts";
import { quote, quoteArgument } from "#infra/haproxy/quote.ts";
import { stickyLua } from "#infra/haproxy/sticky-lua.ts";
import type { Affinity, Algorithm } from "#lib/deployments/spec.ts";
import { variantCookieName } from "#lib/routing/affinity-cookie.ts";
import type { Routing } from "#lib/routing/choose-variant.ts";

/** One deployment behind HAProxy in its namespace. Several HAProxies may run with it: none keeps a state of its own. */
export type ClusterModel = {
  deploymentId: string;
  access: "private" | "open";
  routes: Pick<Routing, "rules" | "weights">;
  algorithm: Algorithm;
  affinity: Affinity;
  pools: ClusterPool[];
  /** the address that is listened on, or the variable that names the pod's with commas between them: then all */
  bind: string | { addressesIn: string };
  /** the container's port that requests come to */
  port: number;
  /** file with the certificates, the key beside it (`tls.crt` and `tls.key`); `null`: HTTP */
  certificate: string | null;
  /** over HTTPS: a port for HTTP, whose callers are sent to the port that the outside knows */
  redirect: { port: number; to: number } | null;
  /** map file: SHA-256 of a key → its label; it must be there where the access is private */
  keyMap: string;
  /** the folder that these files lie in */
  folder: string;
  /** on the pod's loopback: the runtime API, which changes keys */
  adminPort: number;
  /** readiness and the Prometheus exporter */
  status: { port: number; readyPath: string; metricsPath: string };
  /** `address:port` of a DNS server; without one, those of the pod's resolv.conf */
  nameserver?: string;
  /** Another load balancer is before it: who asks is told by a header, and for Google connections are kept for long */
  behind?: keyof typeof callerBehind;
  /** how long what it works on may go on after it was told to end, in seconds */
  hardStopAfter: number;
};

export type ClusterPool = {
  variant: string;
  healthPath: string;
  /** the headless Service's name */
  host: string;
  port: number;
  /** the most replicas there can be, those of a rollout included */
  slots: number;
  /** requests one replica works on at a time; `null`: as many as come */
  maxConnections: number | null;
};

/** The files of HAProxy's configuration by name. The same model gives the same text, and nothing secret is in it. */
export function renderClusterConfig(model: ClusterModel): Record<string, string> {
  const lines = [
    ...globalLines(model),
    ...resolverLines(model.nameserver),
    ...httpDefaults(),
    ...(model.behind === "google" ? patientWithGoogle : []),
    ...statusLines(model),
    ...endpointLines(model),
    ...model.pools.flatMap((pool) => poolLines(model, pool)),
  ];
  return { "haproxy.cfg": `${lines.join("\n")}\n`, ...(sticks(model) ? { "sticky.lua": stickyLua } : {}) };
}

/** How long a start may wait for replicas that DNS doesn't name. */
const longestLookSeconds = 30;

/**
 * All of a pod's addresses, of IPv4 and of IPv6, and its loopback, which a port-forward comes to. A pod without an
 * address of IPv6 may be on a node that doesn't know IPv6 at all, where binding to it would keep HAProxy from starting.
 */
function allAddresses(addressesIn: string): string[] {
  return [
    // The inner quotes keep the commas from being those between arguments.
    `.if "strstr('\${${addressesIn}}',:)"`,
    '  setenv LISTEN "::"',
    ".else",
    '  setenv LISTEN "*"',
    ".endif",
  ];
}

function listening(bind: ClusterModel["bind"], port: number): string {
  return typeof bind === "string" ? `${bind}:${port}` : `"\${LISTEN}:${port}" v4v6`;
}

function sticks({ affinity }: ClusterModel): boolean {
  return affinity.by === "ip" || affinity.by === "header";
}

function globalLines(model: ClusterModel): string[] {
  return [
    "global",
    ...(typeof model.bind === "string" ? [] : allAddresses(model.bind.addressesIn)),
    `  stats socket ipv4@127.0.0.1:${model.adminPort} level admin`,
    `  hard-stop-after ${model.hardStopAfter}s`,
    // As on one machine: two threads that log at the same moment would drop a line.
    "  nbthread 1",
    "  set-var proc.started date()",
    // tls.key belongs to tls.crt.
    ...(model.certificate ? ["  ssl-load-extra-del-ext"] : []),
    ...(sticks(model) ? [`  lua-load ${quote(`${model.folder}/sticky.lua`)}`] : []),
  ];
}

/** While DNS doesn't answer, the replicas that are known stay; one that is no longer named leaves at once. */
function resolverLines(nameserver: string | undefined): string[] {
  return [
    "resolvers cluster",
    nameserver ? `  nameserver cluster ${nameserver}` : "  parse-resolv-conf",
    "  accepted_payload_size 8192",
    "  resolve_retries 3",
    "  timeout resolve 1s",
    "  timeout retry 1s",
    "  hold valid 1s",
    "  hold obsolete 1s",
    "  hold timeout 1h",
    "  hold refused 1h",
    "  hold other 1h",
  ];
}

/**
 * Ready is who knows a replica of each variant, or has looked for them long enough, and it stays so: one that was
 * just started would answer 503, but later it is better to say that no replica is there than not to answer at all.
 */
function statusLines({ deploymentId, bind, status, pools }: ClusterModel): string[] {
  const { port, readyPath, metricsPath } = status;
  const found = pools.map(({ variant }) => `{ nbsrv(${backendName(deploymentId, variant)}) ge 1 }`);
  return [
    "frontend status",
    `  bind ${listening(bind, port)}`,
    `  http-request set-var(proc.ready) bool(true) if ${found.join(" ")}`,
    `  http-request set-var(proc.ready) bool(true) if { date,sub(proc.started) ge ${longestLookSeconds} }`,
    `  http-request return status 200 if { path ${quote(readyPath)} } { var(proc.ready) -m bool }`,
    `  http-request return status 503 if { path ${quote(readyPath)} }`,
    `  http-request use-service prometheus-exporter if { path ${quote(metricsPath)} }`,
    "  http-request return status 404",
  ];
}

function endpointLines(model: ClusterModel): string[] {
  const { deploymentId, access, routes, affinity, bind, port, certificate, redirect, keyMap } = model;
  const secure = certificate === null ? "" : ` ssl crt ${quote(certificate)} alpn http/1.1`;
  return [
    ...(redirect ? redirectFrontend(deploymentId, listening(bind, redirect.port), redirect.to) : []),
    ...httpFrontend({
      deploymentId,
      access,
      binds: [`${listening(bind, port)}${secure}`],
      logTo: "stdout len 4096 format raw local0",
      logsAddress: true,
      keyMap: access === "private" ? keyMap : null,
      routes: { ...routes, affinity },
      cookies: (variant) => `{ req.cook(${variantCookieName(deploymentId, variant)}) -m found }`,
      more: [...(model.behind ? [callerBehind[model.behind]] : []), ...stickyVariable(affinity)],
    }),
  ];
}

/**
 * Google's load balancer keeps connections for 600 seconds and sends a request into one that was closed meanwhile, which
 * fails: whoever is behind it has to keep them for longer (cloud.google.com/load-balancing/docs/https, "Timeouts and
 * retries"). A later setting of a name takes the place of an earlier one.
 */
const patientWithGoogle = ["  timeout http-keep-alive 620s", "  timeout client 620s"];

/**
 * From here on the caller's address is the source. Google's load balancer adds two addresses to what a caller may have
 * sent: the caller's and its own (same page, "X-Forwarded-For header"); a Gateway's adds the caller's.
 */
const callerBehind = {
  google: "  http-request set-src req.hdr_ip(x-forwarded-for,-2)",
  gateway: "  http-request set-src req.hdr_ip(x-forwarded-for,-1)",
} as const;

/** What a client shows that it sticks by. */
function stickyVariable(affinity: Affinity): string[] {
  switch (affinity.by) {
    case "none":
    case "cookie":
      return [];
    case "ip":
      return ["  http-request set-var-fmt(txn.stick) %[src]"];
    case "header": {
      const header = `req.fhdr(${quoteArgument(affinity.header)})`;
      return [`  http-request set-var(txn.stick) ${quote(header)} if { ${quote(header)} -m len gt 0 }`];
    }
  }
}

function poolLines(model: ClusterModel, pool: ClusterPool): string[] {
  const { deploymentId, algorithm, affinity } = model;
  const { variant, healthPath, host, port, slots, maxConnections } = pool;
  const most = maxConnections === null ? "" : ` maxconn ${maxConnections}`;
  const backend = backendName(deploymentId, variant);
  return backendLines({
    deploymentId,
    variant,
    layer: 7,
    algorithm,
    affinity: affinity.by === "cookie" ? affinity : { by: "none" },
    healthPath,
    cookie: [
      `  cookie ${variantCookieName(deploymentId, variant)} insert indirect nocache httponly dynamic`,
      `  dynamic-cookie-key ${quote(deploymentId)}`,
    ],
    servers: [
      ...(sticks(model) ? [`  use-server %[lua.sticky(${backend})] if { var(txn.stick) -m found }`] : []),
      `  server-template r 1-${slots} ${host}:${port} resolvers cluster resolve-prefer ipv4 init-addr none` +
        `${most} check inter 1s fastinter 250ms downinter 250ms fall 3 rise 1`,
    ],
  });
}
