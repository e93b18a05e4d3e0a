import { afterAll, beforeAll, expect, test } from "vitest";
import { hashToken } from "#lib/auth/token.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { createEndpointKey, listEndpointKeys, revokeEndpointKey } from "#lib/deployments/endpoint-keys.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

test("a key is shown once, stored as its hash, listed by its first characters, and revoked once", async () => {
  const ada = await portal.person("Ada");
  const { id } = await createDeployment(ada, {
    name: "keyed",
    target: "local",
    model: { preset: "sentiment" },
  });
  const heard: unknown[] = [];
  const stop = portal.changes.listen((change) => heard.push(change));
  const made = await createEndpointKey(ada, "keyed", { name: " laptop " });
  expect(made.key).toMatch(/^sle_[\w-]{32}$/);
  expect(made.name).toBe("laptop");
  const row = await ada.db.endpointKey.findUniqueOrThrow({ where: { id: made.id } });
  expect([row.hash, row.prefix]).toEqual([hashToken(made.key), made.key.slice(0, 10)]);
  const listed = await listEndpointKeys(ada, id);
  expect(listed.map((key) => key.id)).toEqual([made.id]);
  expect(JSON.stringify(listed)).not.toContain(made.key);

  const revoked = await revokeEndpointKey(ada, id, made.id);
  expect(revoked.revokedAt).toBe(portal.clock.now().toISOString());
  portal.clock.move(1000);
  expect(await revokeEndpointKey(ada, id, made.id)).toEqual(revoked);
  await expect
    .poll(() => heard.filter((c) => JSON.stringify(c) === `{"topic":"keys","deploymentId":"${id}"}`).length)
    .toBe(2);
  stop();
});

test("the portal's own key isn't listed and can't be revoked; other people's aren't there", async () => {
  const bob = await portal.person("Bob");
  const mallory = await portal.person("Mallory");
  const { id } = await createDeployment(bob, {
    name: "bobs",
    target: "local",
    model: { preset: "sentiment" },
  });
  const probe = await bob.db.endpointKey.findFirstOrThrow({ where: { deploymentId: id } });
  expect(await listEndpointKeys(bob, id)).toEqual([]);
  await expect(revokeEndpointKey(bob, id, probe.id)).rejects.toMatchObject({ code: "not_found" });
  const made = await createEndpointKey(bob, id, { name: "x" });
  for (const attempt of [
    () => listEndpointKeys(mallory, id),
    () => createEndpointKey(mallory, id, { name: "y" }),
    () => revokeEndpointKey(mallory, id, made.id),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
  }
  await expect(createEndpointKey(bob, id, { name: "" })).rejects.toMatchObject({
    fields: [{ field: "name" }],
  });
});
