import { GoogleError, invalidValue } from "#e2e/cloud/google/google-error.ts";
import {
  mergePatch,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  withoutNulls,
  type JsonObject,
} from "#e2e/cloud/google/json.ts";
import { pageOf } from "#e2e/cloud/google/list-page.ts";
import { Media, param, type Call, type Handlers, type Model } from "#e2e/cloud/google/model.ts";
import { fingerprintOf, type Stored } from "#e2e/cloud/google/store.ts";

const nothing = new Media(204, "", Buffer.alloc(0));

/** @throws GoogleError 404 in Cloud Storage's words */
export function bucketAt(call: Call): Stored {
  const found = call.model.store.get(`storage/b/${param(call, "bucket")}`);
  if (!found) throw new GoogleError(404, "notFound", "The specified bucket does not exist.");
  return found;
}

const shown = ({ body }: Stored): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([field]) => !field.startsWith("x-")));

function insert(call: Call): JsonObject {
  const { model, project } = call;
  const given = withoutNulls(call.body);
  const name = stringAt(given, "name");
  // Google's rules for names: 3 to 63 characters, and none of its own.
  if (!/^[a-z0-9][-a-z0-9_.]{1,61}[a-z0-9]$/.test(name) || /^goog|google/.test(name) || name.includes("..")) {
    throw new GoogleError(400, "invalid", `Invalid bucket name: '${name}'`);
  }
  const taken = model.store.get(`storage/b/${name}`);
  if (taken) {
    const message =
      taken.body["x-project"] === project
        ? "Your previous request to create the named bucket succeeded and you already own it."
        : "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.";
    throw new GoogleError(409, "conflict", message);
  }
  const now = model.clock.now().toISOString();
  const body: JsonObject = {
    locationType: "multi-region",
    storageClass: "STANDARD",
    ...given,
    location: (stringAt(given, "location") || "US").toUpperCase(),
    kind: "storage#bucket",
    id: name,
    selfLink: `${model.url}/storage/v1/b/${name}`,
    projectNumber: model.projects.get(project)!.number,
    timeCreated: now,
    updated: now,
    metageneration: "1",
    etag: "CAE=",
    iamConfiguration: iamConfiguration(given),
    "x-project": project,
    "x-policy": { bindings: [] },
  };
  return shown(model.store.put(`storage/b/${name}`, body));
}

/** Both spellings of one switch, as Google answers them. */
function iamConfiguration(given: JsonObject): JsonObject {
  const own = objectAt(given, "iamConfiguration");
  const uniform = objectAt(own, "uniformBucketLevelAccess");
  const enabled = uniform.enabled === true;
  return {
    publicAccessPrevention: "inherited",
    ...own,
    uniformBucketLevelAccess: { ...uniform, enabled },
    bucketPolicyOnly: { enabled },
  };
}

function change(call: Call, next: (body: JsonObject) => JsonObject): JsonObject {
  const stored = bucketAt(call);
  const wanted = next(stored.body);
  if (wanted.location !== stored.body.location) {
    throw invalidValue("resource.location", wanted.location, "The location can't be changed.");
  }
  const metageneration = String(Number(stored.body.metageneration) + 1);
  const updated = call.model.clock.now().toISOString();
  const body = { ...wanted, metageneration, updated, iamConfiguration: iamConfiguration(wanted) };
  call.model.store.change(stored, body, call.model.clock.now());
  return shown(stored);
}

function update(call: Call): JsonObject {
  const ids = [
    "kind",
    "id",
    "name",
    "selfLink",
    "projectNumber",
    "timeCreated",
    "etag",
    "location",
    "x-project",
    "x-policy",
  ];
  return change(call, (body) => ({
    ...withoutNulls(call.body),
    ...Object.fromEntries(ids.map((field) => [field, body[field]])),
  }));
}

function remove(call: Call): Media {
  const { key } = bucketAt(call);
  if (call.model.store.list(`${key}/o`).length > 0) {
    throw new GoogleError(409, "conflict", "The bucket you tried to delete is not empty.");
  }
  call.model.store.remove(key);
  return nothing;
}

function list(call: Call): JsonObject {
  const { model, project, query } = call;
  const prefix = query.get("prefix") ?? "";
  const all = model.store
    .list("storage/b")
    .filter(({ body }) => body["x-project"] === project && stringAt(body, "name").startsWith(prefix));
  const page = pageOf(all.map(shown), Number(query.get("maxResults")), query.get("pageToken"));
  return { kind: "storage#buckets", ...(page.items.length > 0 && page) };
}

function policyOf(stored: Stored): JsonObject {
  const policy = objectAt(stored.body, "x-policy");
  const resourceId = `projects/_/buckets/${stringAt(stored.body, "name")}`;
  return { kind: "storage#policy", version: 1, resourceId, ...policy, etag: fingerprintOf(policy) };
}

function setPolicy(call: Call): JsonObject {
  const stored = bucketAt(call);
  const etag = stringAt(call.body, "etag");
  if (etag !== "" && etag !== policyOf(stored).etag) {
    throw new GoogleError(
      412,
      "conditionNotMet",
      "At least one of the pre-conditions you specified did not hold.",
    );
  }
  const bindings = objectsAt(call.body, "bindings");
  for (const binding of bindings) {
    if (
      !stringAt(binding, "role").startsWith("roles/") &&
      !stringAt(binding, "role").startsWith("projects/")
    ) {
      throw new GoogleError(400, "invalid", `Invalid argument: role ${stringAt(binding, "role")}`);
    }
    if (stringsAt(binding, "members").includes("allUsers") && prevented(stored)) {
      throw new GoogleError(
        412,
        "conditionNotMet",
        "The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention is enforced.",
      );
    }
  }
  stored.body = { ...stored.body, "x-policy": { bindings } };
  return policyOf(stored);
}

const prevented = ({ body }: Stored) =>
  objectAt(body, "iamConfiguration").publicAccessPrevention === "enforced";

/** Whether anybody may read what is in a bucket: without that, a load balancer answers 403. */
export function isPublic(model: Model, bucket: string): boolean {
  const stored = model.store.get(`storage/b/${bucket}`);
  const bindings = stored ? objectsAt(objectAt(stored.body, "x-policy"), "bindings") : [];
  const reading = [
    "roles/storage.objectViewer",
    "roles/storage.legacyObjectReader",
    "roles/storage.objectAdmin",
  ];
  return bindings.some(
    (each) => reading.includes(stringAt(each, "role")) && stringsAt(each, "members").includes("allUsers"),
  );
}

function testPermissions(call: Call): JsonObject {
  const { model, project, account, query } = call;
  bucketAt(call);
  const permissions = query.getAll("permissions");
  const held = permissions.filter((each) => model.permissions.has(project, account.email, each));
  return { kind: "storage#testIamPermissionsResponse", permissions: held };
}

export const bucketHandlers: Handlers = {
  "storage.buckets.insert": insert,
  "storage.buckets.get": (call) => shown(bucketAt(call)),
  "storage.buckets.list": list,
  "storage.buckets.patch": (call) => change(call, (body) => mergePatch(body, call.body)),
  "storage.buckets.update": update,
  "storage.buckets.delete": remove,
  "storage.buckets.getIamPolicy": (call) => policyOf(bucketAt(call)),
  "storage.buckets.setIamPolicy": setPolicy,
  "storage.buckets.testIamPermissions": testPermissions,
  "storage.anywhereCaches.list": (call) => {
    bucketAt(call);
    return { kind: "storage#anywhereCaches" };
  },
};
