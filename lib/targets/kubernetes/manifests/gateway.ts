import type { Spec } from "#lib/deployments/spec.ts";
import { renderHttpRoute } from "#lib/routing/http-route.ts";
import { metadataOf, type Owner } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { modelServerName, objectNames } from "#lib/targets/kubernetes/settings.ts";

const apiVersion = "gateway.networking.k8s.io/v1";

/** How long a controller may take to say that a Gateway has its address, in seconds. */
export const programmedWithinSeconds = 180;

/** The engine waits until the controller says that it is programmed. */
export function gatewayManifest(owner: Owner, gatewayClassName: string, hasTls: boolean) {
  const allowedRoutes = { namespaces: { from: "Same" } };
  const http = { name: "http", port: 80, protocol: "HTTP", allowedRoutes };
  const https = {
    name: "https",
    port: 443,
    protocol: "HTTPS",
    allowedRoutes,
    tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: objectNames.tls }] },
  };
  return {
    apiVersion,
    kind: "Gateway",
    metadata: metadataOf(objectNames.gateway, owner, {
      "pulumi.com/waitFor": "condition=Programmed",
      "pulumi.com/timeoutSeconds": String(programmedWithinSeconds),
    }),
    spec: { gatewayClassName, listeners: hasTls ? [http, https] : [http] },
  };
}

/** All requests to HAProxy, which routes. */
export function routesToProxy(owner: Owner, hasTls: boolean, timeoutSeconds: number) {
  const rule = { backendRefs: [{ name: objectNames.endpoint, port: 80 }], ...timeouts(timeoutSeconds) };
  return route(objectNames.routes, owner, hasTls ? "https" : "http", [rule]);
}

/** The deployment's rules in their order, then its weights. */
export function routesToModels(
  owner: Owner,
  spec: Pick<Spec, "routing" | "variants">,
  ports: Record<string, number>,
  hasTls: boolean,
  timeoutSeconds: number,
) {
  const { rules } = spec.routing;
  const weights = spec.variants.map(({ name, weight }) => ({ variant: name, weight }));
  const rendered = renderHttpRoute({ rules, weights }, (variant) => ({
    name: modelServerName(variant),
    port: ports[variant] ?? 80,
  }));
  const timed = rendered.map((rule) => ({ ...rule, ...timeouts(timeoutSeconds) }));
  return route(objectNames.routes, owner, hasTls ? "https" : "http", timed);
}

/**
 * Whoever comes by HTTP is sent to HTTPS. By 301, though 308 would keep a POST one: a Gateway has to know only 301 and
 * 302 (HTTPRequestRedirectFilter: "statusCode 301 and 302 are Core"), and older ones refuse a route with another.
 */
export function redirectRoute(owner: Owner) {
  const filter = { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } };
  return route(objectNames.redirect, owner, "http", [{ filters: [filter] }]);
}

function route(name: string, owner: Owner, sectionName: string, rules: object[]) {
  return {
    apiVersion,
    kind: "HTTPRoute",
    metadata: metadataOf(name, owner),
    spec: { parentRefs: [{ name: objectNames.gateway, sectionName }], rules },
  };
}

function timeouts(seconds: number) {
  return { timeouts: { request: `${seconds}s` } };
}
