import { kinds } from "#e2e/cloud/google/compute/kinds.ts";
import { collectionOf, keyFor } from "#e2e/cloud/google/compute/path.ts";
import { selfLink } from "#e2e/cloud/google/compute/references.ts";
import { compileFilter } from "#e2e/cloud/google/filter.ts";
import { notFound, notModelled } from "#e2e/cloud/google/google-error.ts";
import type { JsonObject } from "#e2e/cloud/google/json.ts";
import { pageOf } from "#e2e/cloud/google/list-page.ts";
import type { Call, Model } from "#e2e/cloud/google/model.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

export function get(call: Call): JsonObject {
  const kind = kinds[collectionOf(call.method)];
  if (!kind) throw notModelled(call.method.id);
  const key = keyFor(call);
  const stored = call.model.store.get(key) ?? byId(call.model, key);
  if (!stored) throw notFound(key.slice("compute/".length));
  return show(call.model, stored);
}

/** An object's number stands for its name. */
function byId(model: Model, key: string): Stored | undefined {
  const cut = key.lastIndexOf("/");
  return model.store.list(key.slice(0, cut)).find(({ body }) => body.id === key.slice(cut + 1));
}

/** An object as it is answered. */
export function show(model: Model, stored: Stored): JsonObject {
  const kind = kinds[stored.key.split("/").at(-2) ?? ""];
  const hidden = new Set(["x-endpoints", ...(kind?.hidden ?? [])]);
  const shown = Object.entries(stored.body).filter(([field]) => !hidden.has(field));
  return { ...Object.fromEntries(shown), ...kind?.show?.(model, stored) };
}

export function list(call: Call): JsonObject {
  if (!kinds[collectionOf(call.method)]) throw notModelled(call.method.id);
  const key = keyFor(call);
  const all = call.model.store.list(key).map((stored) => show(call.model, stored));
  return listed(call, key, all);
}

/** A page of a list. @param key of the collection; @param all what it would hold without a filter */
export function listed(call: Call, key: string, all: JsonObject[]): JsonObject {
  const { items, nextPageToken } = filtered(call, all);
  return {
    kind: `compute#${kindOfList(call)}`,
    id: key.slice("compute/".length),
    selfLink: selfLink(call.model, key),
    // Google leaves an empty list out.
    ...(items.length > 0 && { items }),
    ...(nextPageToken && { nextPageToken }),
  };
}

function filtered(call: Call, all: JsonObject[]) {
  const { query } = call;
  if (query.has("orderBy")) throw notModelled("ordered lists (the query parameter orderBy)");
  const filter = query.get("filter");
  const matching = filter ? all.filter(compileFilter(filter)) : all;
  return pageOf(matching, Number(query.get("maxResults")), query.get("pageToken"));
}

/** All of a kind in a project, by scope. */
export function aggregatedList(call: Call): JsonObject {
  const { model, project } = call;
  const collection = collectionOf(call.method);
  if (!kinds[collection]) throw notModelled(call.method.id);
  const prefix = `compute/projects/${project}/`;
  const all = model.store
    .all()
    .filter(({ key }) => key.startsWith(prefix) && key.split("/").at(-2) === collection);
  const page = filtered(
    call,
    all.map((stored) => show(model, stored)),
  );
  const items: Record<string, JsonObject> = {};
  for (const item of page.items) {
    const [, scope = "global"] = /\/((?:regions|zones)\/[^/]+)\//.exec(String(item.selfLink)) ?? [];
    const held = (items[scope] ??= { [collection]: [] });
    (held[collection] as JsonObject[]).push(item);
  }
  return {
    kind: `compute#${kindOfList(call)}`,
    id: `projects/${project}/aggregated/${collection}`,
    selfLink: selfLink(model, `${prefix}aggregated/${collection}`),
    items,
    ...(page.nextPageToken && { nextPageToken: page.nextPageToken }),
  };
}

/** The documents give each list's kind as its default. */
function kindOfList({ method }: Call): string {
  const schema = method.service.schemas[method.response?.$ref ?? ""];
  const kind = schema?.properties?.kind?.default ?? "";
  return kind.replace(/^compute#/, "");
}
