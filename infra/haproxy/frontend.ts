import { problem } from "#infra/haproxy/defaults.ts";
import { logFormat, logFormatWithAddress, logVariables } from "#infra/haproxy/log-format.ts";
import { quote, quoteArgument } from "#infra/haproxy/quote.ts";
import { routeLines, tcpRouteLines, type AffinityCookies } from "#infra/haproxy/routes.ts";
import type { Routing } from "#lib/routing/choose-variant.ts";

/** What one endpoint lets in, whatever surrounds it. */
export type Frontend = {
  deploymentId: string;
  access: "private" | "open";
  /** what stands after `bind` */
  binds: string[];
  /** what stands after `log` */
  logTo: string;
  /** whether it says at which address a request was answered */
  logsAddress?: boolean;
  /** map file: SHA-256 of a key → its label; `null`: there is none, and nobody is asked for one */
  keyMap: string | null;
  routes: Omit<Routing, "deploymentId"> | null;
  cookies: AffinityCookies;
  /** whole lines of the surroundings' own */
  more?: string[];
};

/** An HTTP endpoint: its keys, its log, its routes. */
export function httpFrontend(frontend: Frontend): string[] {
  const { deploymentId, access, keyMap, routes, cookies, more = [] } = frontend;
  return [
    ...opening(frontend),
    `  log-format ${quote(frontend.logsAddress ? logFormatWithAddress : logFormat)}`,
    ...logVariables,
    "  http-request set-header X-Request-Id %[unique-id]",
    "  http-after-response set-header X-Request-Id %[unique-id]",
    // How long a replica keeps connections is between it and the load balancer.
    "  http-response del-header Keep-Alive",
    ...serverTiming,
    ...(keyMap === null ? [] : [readKey(keyMap)]),
    ...(access === "private" ? [refuseWithoutKey()] : []),
    "  http-request del-header authorization",
    ...withoutSessionCookies(),
    ...more,
    ...(routes ? routeLines({ deploymentId, ...routes }, cookies) : []),
  ];
}

/** Where the time went. What a request didn't reach is -1, and so is all that comes after it: that is left out. */
const serverTiming = [
  "  http-after-response set-header Server-Timing 'queue;dur=%Tw, connect;dur=%Tc, response;dur=%Tr'",
  `  http-after-response del-header Server-Timing if { res.fhdr(server-timing) -m beg ${quote("queue;dur=-")} }`,
  `  http-after-response replace-header Server-Timing ${quote("^([^-]*), [a-z]+;dur=-.*$")} ${quote("\\1")}`,
];

/** An endpoint of layer 4: connections, of which nothing is read and so nothing is logged. */
export function tcpFrontend({ deploymentId, binds, routes }: Frontend): string[] {
  return [
    `frontend ${deploymentId}`,
    ...binds.map((bind) => `  bind ${bind}`),
    ...(routes ? tcpRouteLines({ deploymentId, ...routes }) : []),
  ];
}

/**
 * Sends whoever comes by HTTP to the HTTPS address: 308, so that a POST stays one. The host is the one that was
 * asked for; what isn't a host's name or address is refused.
 */
export function redirectFrontend(deploymentId: string, bind: string, toPort: number): string[] {
  const { body } = problem(400, "malformed", "The load balancer can't read this request.");
  const host = `req.hdr(host),regsub(${quoteArgument(":[0-9]*$")},)`;
  // As the address is shown: with its port where that isn't the usual one.
  const port = toPort === 443 ? "" : `:${toPort}`;
  return [
    `frontend ${deploymentId}.redirect`,
    `  bind ${bind}`,
    `  http-request set-var(txn.host) ${quote(host)}`,
    `  http-request return status 400 content-type application/problem+json string ${quote(body)}` +
      ` unless { var(txn.host) -m reg ${quote("^([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])$")} }`,
    `  http-request redirect code 308 location https://%[var(txn.host)]${port}%[pathq]`,
  ];
}

function opening({ deploymentId, binds, logTo }: Frontend): string[] {
  return [`frontend ${deploymentId}`, ...binds.map((bind) => `  bind ${bind}`), `  log ${logTo}`];
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

function readKey(keyMap: string): string {
  const label = `http_auth_bearer,sha2(256),hex,lower,map(${quoteArgument(keyMap)})`;
  return `  http-request set-var(txn.key) ${quote(label)}`;
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
