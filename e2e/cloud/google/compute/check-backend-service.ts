import { invalidValue } from "#e2e/cloud/google/google-error.ts";
import {
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from "#e2e/cloud/google/json.ts";

const rates = ["maxRate", "maxRatePerInstance", "maxRatePerEndpoint"];
const layer7 = new Set(["HTTP", "HTTPS", "HTTP2", "H2C", "GRPC"]);

/**
 * Rules of backend services that Google's documents hold only in words.
 *
 * @throws GoogleError 400
 */
export function checkBackendService(body: JsonObject, { regional }: { regional: boolean }): void {
  const scheme = stringAt(body, "loadBalancingScheme");
  const protocol = stringAt(body, "protocol");
  const proxied = scheme === "EXTERNAL_MANAGED" || (scheme === "EXTERNAL" && !regional);
  if (
    proxied &&
    scheme === "EXTERNAL_MANAGED" &&
    !layer7.has(protocol) &&
    !["TCP", "SSL"].includes(protocol)
  ) {
    throw invalidValue("resource.protocol", protocol, `The protocol isn't supported for ${scheme}.`);
  }
  if (stringsAt(body, "healthChecks").length !== 1) {
    throw invalidValue("resource.healthChecks", "", "Exactly one health check is needed.");
  }
  const groups = new Set<string>();
  for (const [index, backend] of objectsAt(body, "backends").entries()) {
    const at = `resource.backends[${index}]`;
    const group = stringAt(backend, "group");
    if (group === "") throw invalidValue(`${at}.group`, "", "Required.");
    if (groups.has(group)) throw invalidValue(`${at}.group`, group, "Duplicate backend group.");
    groups.add(group);
    if (proxied) checkProxiedBackend(backend, at);
  }
  checkAffinity(body, scheme);
  checkRange(objectAt(body, "logConfig"), "sampleRate", 0, 1, "resource.logConfig");
  checkRange(body, "timeoutSec", 1, 2_147_483_647, "resource");
  checkRange(
    objectAt(body, "connectionDraining"),
    "drainingTimeoutSec",
    0,
    3600,
    "resource.connectionDraining",
  );
}

function checkProxiedBackend(backend: JsonObject, at: string): void {
  const mode = stringAt(backend, "balancingMode");
  const isNeg = stringAt(backend, "group").includes("/networkEndpointGroups/");
  if (isNeg && mode === "UTILIZATION") {
    throw invalidValue(`${at}.balancingMode`, mode, "Network endpoint groups take RATE or CONNECTION.");
  }
  if (mode === "RATE" && !rates.some((rate) => (numberAt(backend, rate) ?? 0) > 0)) {
    throw invalidValue(at, mode, `With balancingMode RATE, one of ${rates.join(", ")} must be set.`);
  }
  checkRange(backend, "capacityScaler", 0, 1, at);
}

/** The hash-based policies belong to affinities that hash; a cookie's own needs its name. */
function checkAffinity(body: JsonObject, scheme: string): void {
  const affinity = stringAt(body, "sessionAffinity");
  const policy = stringAt(body, "localityLbPolicy");
  const hash = objectAt(body, "consistentHash");
  if (scheme === "EXTERNAL" && policy !== "" && !["ROUND_ROBIN", "MAGLEV"].includes(policy)) {
    throw invalidValue("resource.localityLbPolicy", policy, `It isn't supported for ${scheme}.`);
  }
  if (affinity === "HTTP_COOKIE" || affinity === "HEADER_FIELD") {
    if (!["MAGLEV", "RING_HASH"].includes(policy)) {
      throw invalidValue("resource.localityLbPolicy", policy, `${affinity} needs MAGLEV or RING_HASH.`);
    }
    const needed = affinity === "HTTP_COOKIE" ? hash.httpCookie : hash.httpHeaderName;
    if (needed === undefined) {
      throw invalidValue("resource.consistentHash", "", `sessionAffinity ${affinity} needs it.`);
    }
  }
  checkRange(body, "affinityCookieTtlSec", 0, 1_209_600, "resource");
}

function checkRange(holder: JsonObject, field: string, from: number, to: number, at: string): void {
  const value = numberAt(holder, field);
  if (value === null || (value >= from && value <= to)) return;
  throw invalidValue(`${at}.${field}`, value, `Must be from ${from} to ${to}.`);
}
