import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KeyKeeper } from "#infra/clusters/keys/keep-keys.ts";
import { ApiError, type ApiClient } from "#infra/kubernetes/api-client.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import { systemClock } from "#lib/clock.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { labelsOf } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

const id = "dep-aaaaaaaaaaaa";
const at = `/api/v1/namespaces/${namespaceOf(id)}`;
const secret = `${at}/secrets/proxy-keys`;
const proxy = `/apis/apps/v1/namespaces/${namespaceOf(id)}/deployments/proxy`;
const asksForKeys = {
  spec: { template: { spec: { volumes: [{ name: "keys", secret: { secretName: "proxy-keys" } }] } } },
};

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** A keeper before a cluster with these objects, and what it asks of it to do. */
function keeping(objects: Record<string, object>) {
  const asked: string[] = [];
  const looked: string[] = [];
  const request: ApiClient["request"] = async ({ method, path, body }) => {
    const [where = ""] = path.split("?");
    asked.push(`${method} ${where}`);
    if (method === "PATCH") objects[where] = body as object;
    else if (!objects[where]) throw new ApiError(404, "NotFound", "There is none.");
    if (method === "DELETE") delete objects[where];
    return objects[where];
  };
  const api = {
    request,
    find: async (path: string) => {
      looked.push(path);
      return objects[path] ?? null;
    },
    close: () => undefined,
  } as ApiClient;
  const { endpoint, ...rest } = specForTest() as Spec;
  const attended = {
    api,
    id,
    db: database.db,
    clock: systemClock,
    log: pino({ level: "silent" }),
    access: { server: "https://203.0.113.7:6443" } as never,
    signal: new AbortController().signal,
    spec: { ...rest, endpoint: { ...endpoint, access: "private" as Spec["endpoint"]["access"] } },
  };
  const keeper = new KeyKeeper(attended);
  return {
    asked,
    looked,
    /** One round, with what it begins. */
    async round(access: Spec["endpoint"]["access"]) {
      attended.spec.endpoint.access = access;
      const known = await keeper.round();
      await new Promise((done) => setImmediate(done));
      return known;
    },
  };
}

const ours = () => ({
  [at]: { metadata: { labels: labelsOf({ deploymentId: id, namespace: namespaceOf(id) }) } },
  [`${at}/pods`]: { items: [] },
});

test("the Secret of one that becomes open goes once the cluster has the change, and comes with the next", async () => {
  const objects: Record<string, object> = { ...ours(), [proxy]: asksForKeys };
  const { asked, round } = keeping(objects);
  await round("private");
  expect(asked).toContain(`PATCH ${secret}`);
  await round("open");
  expect(objects).toHaveProperty([secret]);
  objects[proxy] = { spec: { template: { spec: { volumes: [] } } } };
  await round("open");
  expect(objects).not.toHaveProperty([secret]);
  asked.length = 0;
  await round("open");
  expect(asked).toEqual([]);
  await round("private");
  expect(asked).toContain(`PATCH ${secret}`);
});

test("under a change to private that is still to come nothing is deleted, and what is deleted comes again", async () => {
  const { db } = database;
  await db.user.create({ data: { id: "usr-1", name: "Ada", email: "ada@example.org" } });
  await db.deployment.create({
    data: { id, name: "chat", ownerId: "usr-1", target: "kubernetes", status: "ready" },
  });
  await db.revision.create({ data: { id: "rev-1", deploymentId: id, number: 1, spec: {} } });
  const change = { id: "op-1", deploymentId: id, revisionId: "rev-1", kind: "update", actorType: "user" };
  await db.operation.create({ data: { ...change, status: "queued" } });
  const objects: Record<string, object> = { ...ours(), [proxy]: { spec: {} } };
  const { asked, round } = keeping(objects);
  await round("private");
  expect(objects).toHaveProperty([secret]);
  // Changed back before the first change has come to HAProxy.
  await round("open");
  expect(objects).toHaveProperty([secret]);
  await db.operation.update({ where: { id: "op-1" }, data: { status: "cancelled" } });
  await round("open");
  expect(asked).toContain(`DELETE ${secret}`);
  objects[proxy] = asksForKeys;
  await round("open");
  expect(objects).toHaveProperty([secret]);
});

test("one that was open from the first has none, and is asked about once", async () => {
  const { asked, looked, round } = keeping(ours());
  const looks = () => looked.filter((path) => path === secret).length;
  expect(await round("open")).toBe(true);
  expect(looks()).toBe(1);
  expect(await round("open")).toBe(true);
  expect(looks()).toBe(1);
  expect(asked).toEqual([]);
});

test("in a namespace that isn't there, or isn't ours, nothing is deleted", async () => {
  const { asked, round } = keeping({ [at]: { metadata: { labels: {} } } });
  expect(await round("open")).toBe(false);
  expect(asked).toEqual([]);
});

test.each(["private", "open"] as const)(
  "somebody else's Secret of that name is neither written nor deleted while it is %s",
  async (access) => {
    const theirs = { metadata: { name: "proxy-keys", labels: { "sluice/deployment": "dep-bbbbbbbbbbbb" } } };
    const { asked, round } = keeping({ ...ours(), [secret]: theirs });
    expect(await round(access)).toBe(true);
    expect(asked.filter((line) => line.includes("/secrets/"))).toEqual([]);
  },
);

test("our own Secret whose labels were taken off is ours still: it is written, and goes", async () => {
  const managedFields = [{ manager: "sluice-keys", operation: "Apply" }];
  const stripped = { metadata: { name: "proxy-keys", uid: "u1", labels: {}, managedFields } };
  const objects: Record<string, object> = { ...ours(), [secret]: stripped };
  const { asked, round } = keeping(objects);
  await round("private");
  expect(asked).toContain(`PATCH ${secret}`);
  objects[secret] = stripped;
  await round("open");
  expect(asked).toContain(`DELETE ${secret}`);
});
