export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json | undefined };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A nested object, or an empty one where there is none. */
export const objectAt = (value: JsonObject, key: string): JsonObject => {
  const found = value[key];
  return isObject(found) ? found : {};
};

/** A list's objects, or none where there is no list. */
export const objectsAt = (value: JsonObject, key: string): JsonObject[] => {
  const found = value[key];
  return Array.isArray(found) ? found.filter(isObject) : [];
};

/** A list's strings, or none where there is no list. */
export const stringsAt = (value: JsonObject, key: string): string[] => {
  const found = value[key];
  return Array.isArray(found) ? found.filter((each) => typeof each === "string") : [];
};

/** A string, or an empty one where there is none. */
export const stringAt = (value: JsonObject, key: string): string => {
  const found = value[key];
  return typeof found === "string" ? found : "";
};

/** A number, also one that protobuf's JSON wrote as a string, or null where there is none. */
export const numberAt = (value: JsonObject, key: string): number | null => {
  const found = value[key];
  if (typeof found === "number") return found;
  return typeof found === "string" && found !== "" && Number.isFinite(Number(found)) ? Number(found) : null;
};

/** Lays a patch over a value as JSON merge patch does (RFC 7396): null takes away, lists are replaced. */
export function mergePatch(value: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = { ...value };
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) delete merged[key];
    else merged[key] = isObject(change) ? mergePatch(objectAt(merged, key), change) : change;
  }
  return merged;
}

/** Without the fields that are null, at every depth: in a request, null is the same as absent. */
export function withoutNulls(value: JsonObject): JsonObject {
  const entries = Object.entries(value).filter(([, each]) => each !== null && each !== undefined);
  return Object.fromEntries(
    entries.map(([key, each]) => [
      key,
      isObject(each)
        ? withoutNulls(each)
        : Array.isArray(each)
          ? each.map((item) => (isObject(item) ? withoutNulls(item) : item))
          : each,
    ]),
  );
}
