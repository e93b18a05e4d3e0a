import { endpointUrl } from "#infra/local-runtime/choose-port.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import { gkeEndpoint } from "#lib/targets/gke/endpoint.ts";
import { hostOf } from "#lib/tls/host-of.ts";

/**
 * Where a deployment may answer after a change that broke off: at its endpoint as it was, or as the newest revision
 * wants it. Open ones come first, so that a key isn't sent to what asks for none.
 *
 * @param newest the newest revision's spec
 */
export function endpointsToTry(before: EndpointView, newest: Spec): EndpointView[] {
  if (newest.target === "gke") {
    const wanted = gkeEndpoint(before.ip, newest, newest.google?.domain ?? null);
    const isSame = wanted.url === before.url && wanted.access === before.access;
    return isSame && wanted.certificate === before.certificate ? [before] : openFirst([wanted, before]);
  }
  const { tls, access } = newest.endpoint;
  const certificate = tls.mode === "none" ? null : tls.certificate;
  const isSame = access === before.access && certificate === (before.certificate ?? null);
  // A cluster has another port for HTTPS than for HTTP, and only its outputs say which.
  const changesPort = newest.target !== "local" && (certificate === null) !== !before.certificate;
  if (isSame || changesPort) return [before];
  const wanted = { ...before, url: urlOf(before, certificate, newest.target), access, certificate };
  return openFirst([wanted, before]);
}

function openFirst(endpoints: EndpointView[]): EndpointView[] {
  return endpoints.sort((a, b) => Number(a.access === "private") - Number(b.access === "private"));
}

function urlOf(before: EndpointView, certificate: string | null, target: Spec["target"]): string {
  if (target !== "local") return before.url;
  if (certificate === null) return endpointUrl(before.ip, before.port);
  return endpointUrl(hostOf(certificate, before.ip), before.port, "https");
}
