import { affinityCookieName } from "#lib/routing/affinity-cookie.ts";
import { logFormat, logVariables } from "#infra/local-runtime/haproxy/log-format.ts";
import type { BalancedDeployment, BalancedPool, BalancerModel } from "#infra/local-runtime/haproxy/model.ts";
import { backendName } from "#infra/local-runtime/haproxy/names.ts";
import { quote, quoteArgument, safePath } from "#infra/local-runtime/haproxy/quote.ts";
import { routeLines } from "#infra/local-runtime/haproxy/render-routes.ts";
import { serverLine } from "#infra/local-runtime/haproxy/render-server.ts";
import type { Affinity, Algorithm } from "#lib/deployments/spec.ts";

/** HAProxy's whole configuration. The same model gives the same text. */
export function renderConfig(model: BalancerModel): string {
  const lines = [
    ...globalLines(model),
    ...defaultLines(),
    ...model.deployments.flatMap((deployment) => [
      ...frontendLines(model, deployment),
      ...deployment.pools.flatMap((pool) => backendLines(deployment.id, pool)),
    ]),
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

/**
 * Retries only where nothing was sent: the connection to the replica failed; then another one is tried at once.
 * Streams may pause for long.
 */
function defaultLines(): string[] {
  return [
    "defaults",
    "  mode http",
    "  option http-keep-alive",
    "  option http-no-delay",
    "  option abortonclose",
    // A reload closes a client's idle connection after its next answer, not while a request may be under way.
    "  option idle-close-on-response",
    "  option dontlognull",
    "  option redispatch 1",
    "  retries 3",
    "  retry-on conn-failure",
    "  timeout http-request 30s",
    "  timeout http-keep-alive 30s",
    "  timeout connect 2s",
    "  timeout check 3s",
    "  timeout queue 60s",
    "  timeout client 10m",
    "  timeout server 10m",
    "  timeout tunnel 1h",
    "  unique-id-format %[uuid]",
    ...[
      problem(400, "malformed", "The load balancer can't read this request."),
      problem(408, "malformed", "The request took too long to arrive."),
      problem(502, "unavailable", "The replica ended or broke off before it had answered."),
      problem(503, "unavailable", "No replica takes requests now, or all were busy for a minute. Try again."),
      problem(504, "unavailable", "The replica took too long to answer."),
    ].map(
      ({ status, body }) =>
        `  http-error status ${status} content-type application/problem+json string ${quote(body)}`,
    ),
  ];
}

function problem(status: number, code: string, detail: string): { status: number; body: string } {
  return { status, body: JSON.stringify({ type: "about:blank", title: detail, status, code }) };
}

function frontendLines(model: BalancerModel, deployment: BalancedDeployment): string[] {
  const { endpoint, routes } = deployment;
  if (!endpoint) return [];
  const host = model.bind.includes(":") ? `[${model.bind}]` : model.bind;
  return [
    `frontend ${deployment.id}`,
    `  bind ${host}:${endpoint.port}`,
    `  log fd@${model.logFd} len 4096 format raw local0`,
    `  log-format ${quote(logFormat)}`,
    ...logVariables,
    "  http-request set-header X-Request-Id %[unique-id]",
    "  http-after-response set-header X-Request-Id %[unique-id]",
    // How long a replica keeps connections is between it and the load balancer.
    "  http-response del-header Keep-Alive",
    "  http-after-response set-header Server-Timing 'queue;dur=%Tw, connect;dur=%Tc, response;dur=%Tr'",
    `  http-request set-var(txn.key) ${quote(
      `http_auth_bearer,sha2(256),hex,lower,map(${quoteArgument(deployment.keyMap)})`,
    )}`,
    ...(endpoint.access === "private" ? [refuseWithoutKey()] : []),
    "  http-request del-header authorization",
    ...withoutSessionCookies(),
    ...(routes ? routeLines({ deploymentId: deployment.id, ...routes }) : []),
  ];
}

/**
 * Cookies are a host's, not a port's, so a browser that is signed in sends the portal's session here too (its names
 * are made in lib/auth/auth.ts): no replica may see it. The cookie that keeps a client on its replica has no dot.
 */
function withoutSessionCookies(): string[] {
  const sessions = quoteArgument("(^|;)[ \t]*(__Secure-|__Host-)?sluice-[0-9]+[.][^;]*");
  const stripped = `req.fhdr(cookie),regsub(${sessions},,g),regsub(${quoteArgument("^[; \t]+")},)`;
  const theirs = "{ req.fhdr(cookie) -m sub sluice- }";
  return [
    `  http-request set-header Cookie ${quote(`%[${stripped}]`)} if ${theirs}`,
    "  http-request del-header Cookie unless { req.fhdr(cookie) -m len gt 0 }",
  ];
}

function refuseWithoutKey(): string {
  const { body } = problem(
    401,
    "unauthenticated",
    "This endpoint is private: send one of its keys as 'Authorization: Bearer KEY'.",
  );
  return (
    `  http-request return status 401 content-type application/problem+json string ${quote(body)}` +
    ` hdr WWW-Authenticate Bearer unless { var(txn.key) -m found }`
  );
}

function backendLines(deploymentId: string, pool: BalancedPool): string[] {
  return [
    `backend ${backendName(deploymentId, pool.variant)}`,
    ...balanceLines(pool.algorithm, pool.affinity),
    ...(pool.affinity.by === "cookie"
      ? [`  cookie ${affinityCookieName(deploymentId)} insert indirect nocache httponly`]
      : []),
    "  option httpchk",
    `  http-check send meth GET uri ${quote(safePath(pool.healthPath))} hdr Host localhost`,
    ...pool.servers.map((server) => serverLine(pool, server)),
  ];
}

/** Only algorithms that servers can join at run time. */
function balanceLines(algorithm: Algorithm, affinity: Affinity): string[] {
  switch (affinity.by) {
    case "ip":
      return ["  balance source", "  hash-type consistent"];
    case "header":
      return [`  balance ${quote(`hdr(${affinity.header})`)}`, "  hash-type consistent"];
    case "none":
    case "cookie":
      switch (algorithm) {
        case "least-connections":
          return ["  balance leastconn"];
        case "round-robin":
          return ["  balance roundrobin"];
        case "random":
          return ["  balance random"];
      }
  }
}
