import { relativeOf } from "#e2e/cloud/google/compute/references.ts";
import { isObject, stringAt, type Json, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Model } from "#e2e/cloud/google/model.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

/** Keys of the backend services and buckets that a URL map names, wherever in it. */
export function servicesOf(model: Model, urlMap: JsonObject): string[] {
  const found = new Set<string>();
  const walk = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (isObject(value)) Object.values(value).forEach(walk);
    else if (typeof value === "string") {
      const path = relativeOf(model, "", value);
      if (path && /\/(backendServices|backendBuckets)\//.test(path)) found.add(`compute/${path}`);
    }
  };
  walk(urlMap);
  return [...found];
}

/** Schemes of those that are services: a bucket goes with any. */
export function schemesOf(model: Model, keys: string[]): string[] {
  const services = keys.filter((key) => key.includes("/backendServices/"));
  return [
    ...new Set(services.map((key) => stringAt(model.store.get(key)?.body ?? {}, "loadBalancingScheme"))),
  ];
}

/** The URL map behind a target proxy, or undefined. */
export function urlMapOf(model: Model, proxy: JsonObject): Stored | undefined {
  const path = relativeOf(model, "", stringAt(proxy, "urlMap"));
  return path ? model.store.get(`compute/${path}`) : undefined;
}
