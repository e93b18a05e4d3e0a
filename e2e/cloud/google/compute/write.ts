import { kinds, type Kind } from "#e2e/cloud/google/compute/kinds.ts";
import { startOperation } from "#e2e/cloud/google/compute/operation.ts";
import { notReady, requireReady, resolveReferences, selfLink } from "#e2e/cloud/google/compute/references.ts";
import { collectionOf, keyFor } from "#e2e/cloud/google/compute/path.ts";
import { GoogleError, invalidValue, notFound, notModelled } from "#e2e/cloud/google/google-error.ts";
import { mergePatch, objectAt, stringAt, withoutNulls, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Call } from "#e2e/cloud/google/model.ts";
import { quotaError } from "#e2e/cloud/google/quotas.ts";
import { fingerprintOf, type Stored } from "#e2e/cloud/google/store.ts";

/** Fields that are Google's: a request's values for them are passed over. */
const own = [
  "id",
  "kind",
  "creationTimestamp",
  "selfLink",
  "region",
  "zone",
  "fingerprint",
  "labelFingerprint",
];

/** Makes an object. */
export async function insert(call: Call): Promise<JsonObject> {
  const { model, project } = call;
  const kind = kindFor(call, "insert");
  const name = stringAt(call.body, "name");
  if (name === "")
    throw invalidValue("resource.name", "", "Must be a match of regex '[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?'");
  const key = `${keyFor(call)}/${name}`;
  const path = key.slice("compute/".length);
  if (model.store.get(key))
    throw new GoogleError(409, "alreadyExists", `The resource '${path}' already exists`);
  const given = { ...kind.defaults, ...without(withoutNulls(call.body), own) };
  const { body, refs } = draft(call, kind, key, given, null);
  const full = { ...body, ...identity(call, key) };
  const exceeded = model.quotas.exceeded(project, [{ key, body: full }]);
  const stored = model.store.put(key, fingerprinted(call, full), refs);
  stored.fresh = true;
  const error = exceeded && quotaError(exceeded);
  const forget = () => model.store.remove(key);
  return startOperation(call, { type: "insert", stored, apply: () => {}, revert: forget, error });
}

/** Takes an object away, unless another one needs it. */
export async function remove(call: Call): Promise<JsonObject> {
  const { model } = call;
  kindFor(call, "delete");
  const stored = idle(call, keyFor(call));
  const user = model.store.userOf(stored.key);
  if (user) {
    const path = stored.key.slice("compute/".length);
    const title = schemaName(call)
      .replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`)
      .toLowerCase();
    throw new GoogleError(
      400,
      "resourceInUseByAnotherResource",
      `The ${title} resource '${path}' is already being used by '${user.key.replace(/^\w+\//, "")}'`,
    );
  }
  const apply = () => model.store.remove(stored.key);
  return startOperation(call, { type: "delete", stored, apply });
}

/** Changes what a patch names (`patch`), or all of an object (`update`). */
export async function change(call: Call, verb: "patch" | "update"): Promise<JsonObject> {
  const kind = kindFor(call, verb);
  const stored = idle(call, keyFor(call));
  checkFingerprint(call, stored);
  const wanted = without(call.body, own);
  const next =
    verb === "patch"
      ? mergePatch(stored.body, wanted)
      : { ...kind.defaults, ...kept(kind, stored), ...withoutNulls(wanted) };
  return replace(call, kind, stored, next, verb);
}

/** Changes one field, by a method of its own. */
export async function set(call: Call, verb: string): Promise<JsonObject> {
  const collection = collectionOf(call.method);
  const field = kinds[collection]?.setters?.[verb];
  if (!field) throw notModelled(call.method.id);
  const stored = idle(call, keyFor(call));
  if (call.body[field] === undefined) throw invalidValue(`resource.${field}`, "", "Required.");
  return replace(call, kinds[collection]!, stored, { ...stored.body, [field]: call.body[field] }, verb);
}

/** Replaces labels, if the request knows those that are there. */
export async function setLabels(call: Call): Promise<JsonObject> {
  const { model } = call;
  const stored = idle(call, keyFor(call));
  if (call.body.labelFingerprint !== stored.body.labelFingerprint) {
    throw conditionNotMet("Labels fingerprint either invalid or resource labels have changed");
  }
  const labels = withoutNulls(objectAt(call.body, "labels"));
  const body = { ...stored.body, labels, labelFingerprint: fingerprintOf(labels) };
  const apply = () => model.store.change(stored, body, model.clock.now());
  return startOperation(call, { type: "setLabels", stored, apply });
}

async function replace(
  call: Call,
  kind: Kind,
  stored: Stored,
  next: JsonObject,
  type: string,
): Promise<JsonObject> {
  const { model } = call;
  const { body, refs } = draft(call, kind, stored.key, next, stored.body);
  for (const field of kind.fixed ?? []) {
    if (JSON.stringify(body[field]) !== JSON.stringify(stored.body[field])) {
      throw invalidValue(`resource.${field}`, body[field], "The field can't be changed.");
    }
  }
  const full = fingerprinted(call, { ...body, ...kept(kind, stored) });
  const apply = () => {
    model.store.change(stored, full, model.clock.now());
    stored.refs = refs;
  };
  return startOperation(call, { type, stored, apply });
}

/** An object of a request with its references resolved, its rules checked and Google's own fields filled in. */
function draft(call: Call, kind: Kind, key: string, given: JsonObject, before: JsonObject | null) {
  const { model, project } = call;
  const { body, refs } = resolveReferences(model, project, given);
  const more = kind.check?.({ model, project, key, body, before }) ?? {};
  return { body: { ...body, ...(before === null && more.fill) }, refs: [...refs, ...(more.refs ?? [])] };
}

/** What stays as it was at creation, whatever an update says. */
function kept(kind: Kind, stored: Stored): JsonObject {
  const fields = [
    "id",
    "kind",
    "creationTimestamp",
    "selfLink",
    "region",
    "zone",
    "name",
    "labels",
    "labelFingerprint",
  ];
  const entries = [...fields, ...(kind.fixed ?? [])].filter((field) => stored.body[field] !== undefined);
  return Object.fromEntries(entries.map((field) => [field, stored.body[field]]));
}

function identity(call: Call, key: string): JsonObject {
  const { model } = call;
  const schema = schemaName(call);
  const [, place, name] = /\/(zones|regions)\/([^/]+)\//.exec(key) ?? [];
  const scope = key.split("/").slice(0, 5).join("/");
  return {
    id: model.store.nextId(),
    kind: `compute#${schema[0]!.toLowerCase()}${schema.slice(1)}`,
    creationTimestamp: model.clock.now().toISOString(),
    selfLink: selfLink(model, key),
    ...(name && { [place === "zones" ? "zone" : "region"]: selfLink(model, scope) }),
  };
}

/** Kinds have a fingerprint where Google's documents give them one. */
function fingerprinted(call: Call, body: JsonObject): JsonObject {
  const properties = call.method.service.schemas[schemaName(call)]?.properties ?? {};
  const rest = without(body, ["fingerprint"]);
  return {
    ...rest,
    ...("fingerprint" in properties && { fingerprint: fingerprintOf(rest) }),
    ...("labelFingerprint" in properties && { labelFingerprint: fingerprintOf(objectAt(body, "labels")) }),
  };
}

/** The name of the kind in the documents, by what the collection's insert takes. */
function schemaName(call: Call): string {
  const resource = call.method.id.split(".").slice(0, -1).join(".");
  const insertion = call.method.service.methods.find(({ id }) => id === `${resource}.insert`);
  return insertion?.request?.$ref ?? "";
}

/** Where the documents say that an up-to-date fingerprint must be provided, it must be. */
function checkFingerprint(call: Call, stored: Stored): void {
  const property = call.method.service.schemas[schemaName(call)]?.properties?.fingerprint;
  if (!property) return;
  const given = call.body.fingerprint;
  const words = (property.description ?? "").replace(/\s+/g, " ");
  const needed = words.includes("must be provided in order to");
  if (given === undefined ? needed : given !== stored.body.fingerprint) {
    throw conditionNotMet("Invalid fingerprint.");
  }
}

const conditionNotMet = (message: string) => new GoogleError(412, "conditionNotMet", message);

/** An object that nothing else is being done to. @throws GoogleError 404; 400 resourceNotReady */
export function idle(call: Call, key: string): Stored {
  const stored = call.model.store.get(key);
  const path = key.slice("compute/".length);
  if (!stored) throw notFound(path);
  if (stored.busy) throw notReady(path);
  requireReady(call.model, key);
  return stored;
}

function kindFor(call: Call, verb: string): Kind {
  const kind = kinds[collectionOf(call.method)];
  if (!kind?.verbs.includes(verb)) throw notModelled(call.method.id);
  return kind;
}

function without(body: JsonObject, fields: string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([field]) => !fields.includes(field)));
}
