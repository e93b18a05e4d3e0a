import { afterAll, beforeAll, expect, test } from "vitest";
import { changePassword, getAccount, updateAccount } from "#lib/auth/account.ts";
import { actorOfKey } from "#lib/auth/actor-of-key.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "#lib/auth/api-keys.ts";
import { disablePerson, enablePerson, listPeople, revokeInvitation } from "#lib/auth/people.ts";
import { createSignInLink, invite, readSignInLink } from "#lib/auth/sign-in-links.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

test("an API key is shown once, stands for its owner, and says why it doesn't any more", async () => {
  const ada = await portal.person("Ada");
  const made = await createApiKey(ada, { name: "ci", expiresInDays: 1 });
  expect(made.key).toMatch(/^slk_/);
  expect(await actorOfKey(portal, made.key)).toEqual(ada.actor);
  const [listed] = await listApiKeys(ada);
  expect(listed).toMatchObject({ id: made.id, name: "ci", lastUsedAt: portal.clock.now().toISOString() });
  expect(JSON.stringify(await portal.db.apiKey.findMany())).not.toContain(made.key);

  await expect(actorOfKey(portal, "slk_unknown")).rejects.toThrow("This API key isn't known here.");
  portal.clock.move(86_400_000);
  await expect(actorOfKey(portal, made.key)).rejects.toThrow(/^This API key expired at /);
  const other = await createApiKey(ada, { name: "other" });
  const revoked = await revokeApiKey(ada, other.id);
  expect(await revokeApiKey(ada, other.id)).toEqual(revoked);
  await expect(actorOfKey(portal, other.key)).rejects.toMatchObject({
    code: "unauthenticated",
    message: "This API key was revoked.",
  });
});

test("another person's key isn't there", async () => {
  const bob = await portal.person("Bob");
  const mallory = await portal.person("Mallory");
  const { id } = await createApiKey(bob, { name: "x" });
  await expect(revokeApiKey(mallory, id)).rejects.toMatchObject({ code: "not_found" });
  expect(await listApiKeys(mallory)).toEqual([]);
});

test("the key command makes the admin's key, and the admin where there is none; twice at once is one admin", async () => {
  const ctx = {
    db: portal.db,
    clock: portal.clock,
    actor: { type: "system", reason: "key command" } as const,
  };
  const keys = await Promise.all([createApiKey(ctx, { name: "a" }), createApiKey(ctx, { name: "b" })]);
  const actors = await Promise.all(keys.map(({ key }) => actorOfKey(portal, key)));
  expect(actors[0]).toEqual(actors[1]);
  expect(actors[0]).toMatchObject({ role: "admin" });
});

test("disabling ends sessions, keys and links; enabling brings the keys back", async () => {
  const admin = await portal.person("Root", "admin");
  const cyd = await portal.person("Cyd");
  const { key } = await createApiKey(cyd, { name: "x" });
  await portal.db.session.create({
    data: { id: "s1", token: "t1", userId: cyd.userId, expiresAt: new Date("2030-01-01") },
  });
  expect((await disablePerson(admin, cyd.userId)).disabledAt).not.toBeNull();
  expect(await portal.db.session.count({ where: { userId: cyd.userId } })).toBe(0);
  await expect(actorOfKey(portal, key)).rejects.toThrow("The account of this API key is disabled.");
  await disablePerson(admin, cyd.userId);
  expect((await enablePerson(admin, cyd.userId)).disabledAt).toBeNull();
  expect(await actorOfKey(portal, key)).toEqual(cyd.actor);
  await expect(disablePerson(cyd, admin.userId)).rejects.toMatchObject({ code: "forbidden" });
  await expect(disablePerson(admin, "usr-nobody")).rejects.toMatchObject({ code: "not_found" });
});

test("disabling an admin ends the invitations that they made, and nobody else's", async () => {
  const [admin, gus] = [await portal.person("Root3", "admin"), await portal.person("Gus", "admin")];
  const theirs = await invite(gus, { email: "back-door@example.org", role: "admin" });
  const kept = await invite(admin, { email: "welcome@example.org" });
  await disablePerson(admin, gus.userId);
  await expect(readSignInLink(portal, theirs.token)).rejects.toMatchObject({ code: "not_found" });
  expect(await readSignInLink(portal, kept.token)).toMatchObject({ email: "welcome@example.org" });
  expect((await listPeople(admin)).invitations.map(({ email }) => email)).toEqual(["welcome@example.org"]);
  await portal.db.signInLink.deleteMany({ where: { usedAt: null } });
});

test("the last admin stays, also when all admins disable each other at once", async () => {
  await portal.db.user.updateMany({ where: { role: "admin" }, data: { role: "member" } });
  const one = await portal.person("One", "admin");
  const two = await portal.person("Two", "admin");
  const both = await Promise.allSettled([disablePerson(one, two.userId), disablePerson(two, one.userId)]);
  expect(both.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(both.find((r) => r.status === "rejected")?.reason).toMatchObject({
    code: "conflict",
    message: "This is the last admin. Invite another admin first.",
  });
  await portal.db.user.updateMany({ where: { role: "admin" }, data: { role: "member" } });
});

test("an invitation is listed until it is used or taken back; members see nobody", async () => {
  const admin = await portal.person("Root4", "admin");
  const link = await invite(admin, { email: "guest@example.org" });
  const { invitations } = await listPeople(admin);
  expect(invitations.map((i) => i.email)).toEqual(["guest@example.org"]);
  expect(JSON.stringify(invitations)).not.toContain(link.token);
  await revokeInvitation(admin, invitations[0]?.id ?? "");
  await expect(readSignInLink(portal, link.token)).rejects.toMatchObject({ code: "not_found" });
  await expect(revokeInvitation(admin, invitations[0]?.id ?? "")).rejects.toMatchObject({
    code: "not_found",
  });
  const member = await portal.person("Dan");
  await expect(listPeople(member)).rejects.toMatchObject({ code: "forbidden" });
});

test("people come a page at a time, each once", async () => {
  const admin = await portal.person("Pager", "admin");
  await Promise.all(["P1", "P2", "P3"].map((name) => portal.person(name)));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listPeople(admin, { limit: 2, cursor });
    expect(page.people.length).toBeLessThanOrEqual(2);
    seen.push(...page.people.map((person) => person.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  const all = await portal.db.user.findMany({ select: { id: true } });
  expect(seen.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
  expect((await listPeople(admin)).total).toBe(all.length);
});

test("a link for an address that a person left signs nobody in", async () => {
  const fay = await portal.person("Fay");
  const system = { ...fay, actor: { type: "system", reason: "test" } as const };
  const { token } = await createSignInLink(system, { email: "fay@example.org" });
  await updateAccount(fay, { name: "Faye", email: "fay@example.org" });
  expect(await readSignInLink(portal, token)).toMatchObject({ email: "fay@example.org" });
  await updateAccount(fay, { email: "faye@example.org" });
  await expect(readSignInLink(portal, token)).rejects.toMatchObject({ code: "not_found" });
});

test("one's own name, address and password", async () => {
  const eve = await portal.person("Eve");
  expect(await getAccount(eve)).toMatchObject({ name: "Eve", hasPassword: false });
  expect(await updateAccount(eve, { name: "Eva", email: "EVA@example.org" })).toMatchObject({
    name: "Eva",
    email: "eva@example.org",
  });
  await expect(updateAccount(eve, { email: "ada@example.org" })).rejects.toMatchObject({
    fields: [{ field: "email" }],
  });
  await expect(updateAccount(eve, { email: "no" })).rejects.toMatchObject({
    fields: [{ field: "email", message: "This isn't an e-mail address." }],
  });
  await changePassword(eve, { newPassword: "first password" });
  expect((await getAccount(eve)).hasPassword).toBe(true);
  await expect(changePassword(eve, { newPassword: "other password" })).rejects.toMatchObject({
    fields: [{ field: "currentPassword", message: "This isn't your current password." }],
  });
  for (const token of ["mine", "theirs"]) {
    await portal.db.session.create({
      data: { id: token, token, userId: eve.userId, expiresAt: new Date("2030-01-01") },
    });
  }
  await changePassword(eve, { currentPassword: "first password", newPassword: "other password" }, "mine");
  expect((await portal.db.session.findMany({ where: { userId: eve.userId } })).map((s) => s.token)).toEqual([
    "mine",
  ]);
});
