import { GoogleError, invalidValue, notFound } from "#e2e/cloud/google/google-error.ts";
import { isObject, type Json, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Model } from "#e2e/cloud/google/model.ts";

/** Fields that name other objects by their URL, and what they may name. */
const fields: Record<string, string[]> = {
  network: ["networks"],
  subnetwork: ["subnetworks"],
  group: ["networkEndpointGroups", "instanceGroups"],
  instanceGroup: ["instanceGroups"],
  urlMap: ["urlMaps"],
  target: ["targetHttpProxies", "targetHttpsProxies", "targetPools"],
  service: ["backendServices", "backendBuckets"],
  defaultService: ["backendServices", "backendBuckets"],
  backendService: ["backendServices"],
  healthChecks: ["healthChecks"],
  sslCertificates: ["sslCertificates"],
};

const relative = /^projects\/[^/]+\/(?:global|regions\/[^/]+|zones\/[^/]+)\/([A-Za-z]+)\/[^/]+$/;

/** @returns `projects/…` of a full or partial URL, or null where it is none of Compute Engine's */
export function relativeOf(model: Model, project: string, url: string): string | null {
  const hosts = [model.url, "https://www.googleapis.com", "https://compute.googleapis.com"];
  const host = hosts.find((each) => url.startsWith(`${each}/compute/`));
  const rest = host ? url.slice(`${host}/compute/`.length).replace(/^(beta|v1)\//, "") : url;
  const path = /^(global|regions|zones)\//.test(rest) ? `projects/${project}/${rest}` : rest;
  return relative.test(path) ? path : null;
}

/** An object's URL, as answers carry it. @param key such as `compute/projects/p/global/networks/n` */
export const selfLink = (model: Model, key: string) =>
  `${model.url}/compute/beta/${key.slice("compute/".length)}`;

/**
 * Makes every reference in a body a full URL.
 *
 * @returns the body, and the keys of what it refers to
 * @throws GoogleError 404 for what isn't there, 400 for what isn't ready or is of another kind
 */
export function resolveReferences(
  model: Model,
  project: string,
  body: JsonObject,
): { body: JsonObject; refs: string[] } {
  const refs = new Set<string>();
  const resolve = (field: string, url: string, at: string): string => {
    const path = relativeOf(model, project, url);
    if (path === null) throw invalidValue(at, url, "The URL is malformed.");
    const collection = path.split("/").at(-2) ?? "";
    if (!fields[field]!.includes(collection)) {
      throw invalidValue(at, url, `Unexpected resource collection '${collection}'.`);
    }
    const key = `compute/${path}`;
    requireReady(model, key);
    refs.add(key);
    return selfLink(model, key);
  };
  const walk = (value: Json | undefined, field: string, at: string): Json | undefined => {
    if (Array.isArray(value)) return value.map((item, index) => walk(item, field, `${at}[${index}]`) as Json);
    if (isObject(value)) {
      const entries = Object.entries(value).map(([name, child]) => [
        name,
        walk(child, name, `${at}.${name}`),
      ]);
      return Object.fromEntries(entries) as JsonObject;
    }
    return typeof value === "string" && value !== "" && field in fields ? resolve(field, value, at) : value;
  };
  return { body: walk(body, "", "resource") as JsonObject, refs: [...refs] };
}

/** @throws GoogleError 404 notFound or 400 resourceNotReady */
export function requireReady(model: Model, key: string): void {
  const found = model.store.get(key);
  const path = key.slice("compute/".length);
  if (!found) throw notFound(path);
  if (found.fresh) throw notReady(path);
}

export const notReady = (path: string) =>
  new GoogleError(400, "resourceNotReady", `The resource '${path}' is not ready`);
