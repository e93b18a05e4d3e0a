import { afterAll, beforeAll, expect, test } from "vitest";
import * as jobs from "#app/api/v1/jobs/[jobId]/route.ts";
import * as previews from "#app/api/v1/previews/route.ts";
import { createApiKey } from "#lib/auth/api-keys.ts";
import type { JobView } from "#lib/jobs/read-job.ts";
import { registerClusterForTest } from "#lib/targets/cluster-for-test.ts";
import { testOrigin, testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
let key: string;
let other: string;
beforeAll(async () => {
  portal = await testPortal();
  const admin = await portal.person("Ada", "admin");
  ({ key } = await createApiKey(await portal.person("Grace"), { name: "k" }));
  ({ key: other } = await createApiKey(await portal.person("Edith"), { name: "k" }));
  await registerClusterForTest(admin);
});
afterAll(() => portal.drop());

const ask = (body: object, headers: Record<string, string> = {}) =>
  previews.POST(
    new Request(`${testOrigin}/api/v1/previews`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    }),
    { params: Promise.resolve({}) },
  );
const read = (jobId: string, by = key) =>
  jobs.GET(
    new Request(`${testOrigin}/api/v1/jobs/${jobId}`, { headers: { authorization: `Bearer ${by}` } }),
    { params: Promise.resolve({ jobId }) },
  );
const onCluster = {
  name: "chat",
  target: "prod",
  model: { image: "registry.example.org/chat:1" },
  env: [{ name: "TOKEN", secret: "canary-secret" }],
};

test("on this machine the answer is there at once", async () => {
  const answer = await ask({ name: "here", target: "local", model: { preset: "sentiment" } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("location")).toBeNull();
  expect(await answer.json()).toMatchObject({ changes: expect.any(Array) as unknown[] });
});

test("on a cluster it is a job, read where the answer says, by who asked alone", async () => {
  const answer = await ask(onCluster, { "idempotency-key": "once" });
  expect(answer.status).toBe(202);
  const job = (await answer.json()) as JobView & { location: string };
  expect(job).toMatchObject({ kind: "preview", status: "queued", result: null });
  expect(job.location).toBe(`/api/v1/jobs/${job.id}`);
  expect(answer.headers.get("location")).toBe(job.location);
  const found = await read(job.id);
  expect([found.status, await found.json()]).toMatchObject([200, { id: job.id, status: "queued" }]);
  expect((await read(job.id, other)).status).toBe(404);
  expect(JSON.stringify(await portal.db.job.findMany())).not.toContain("canary");

  const again = await ask(onCluster, { "idempotency-key": "once" });
  expect([again.status, again.headers.get("location")]).toEqual([202, job.location]);
  expect(await portal.db.job.count({ where: { kind: "preview" } })).toBe(1);
});

test("what is wrong with a draft is said at once, and nobody is asked", async () => {
  const before = await portal.db.job.count();
  const answer = await ask({ ...onCluster, name: "NO" });
  expect(answer.status).toBe(422);
  expect(await portal.db.job.count()).toBe(before);
});
