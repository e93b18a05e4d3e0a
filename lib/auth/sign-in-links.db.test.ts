import { verifyPassword } from "better-auth/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changePassword } from "#lib/auth/account.ts";
import { ensureAdmin } from "#lib/auth/ensure-admin.ts";
import { createSignInLink, invite, readSignInLink, spendSignInLink } from "#lib/auth/sign-in-links.ts";
import type { Context } from "#lib/context.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
let system: Context;
beforeAll(async () => {
  portal = await testPortal();
  system = { db: portal.db, clock: portal.clock, actor: { type: "system", reason: "command" } };
});
afterAll(() => portal.drop());

test("the first account is made once, however many ask at once", async () => {
  const made = await Promise.all(Array.from({ length: 5 }, () => ensureAdmin(system)));
  expect(new Set(made.map((account) => account.id)).size).toBe(1);
  const people = await portal.db.user.findMany();
  expect(people.map((p) => [p.email, p.name, p.role])).toEqual([
    ["admin@sluice.localhost", "Admin", "admin"],
  ]);
});

test("a sign-in link is stored as its hash, read without being spent, and spent once of many at once", async () => {
  const link = await createSignInLink(system);
  expect(link.token).toMatch(/^sll_/);
  expect(JSON.stringify(await portal.db.signInLink.findMany())).not.toContain(link.token);
  for (let i = 0; i < 3; i++) {
    expect(await readSignInLink(system, link.token)).toMatchObject({ purpose: "sign_in", email: link.email });
  }
  const spent = await Promise.allSettled(
    Array.from({ length: 6 }, () => spendSignInLink(system, { token: link.token })),
  );
  expect(spent.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  await expect(readSignInLink(system, link.token)).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringMatching(/^This link was used already\. .*npm run sign-in-link/) as string,
  });
});

test("a link that wasn't used in time, and one that never was, say so", async () => {
  const { token } = await createSignInLink(system);
  portal.clock.move(30 * 60_000);
  await expect(spendSignInLink(system, { token })).rejects.toThrow(/^This link was not used in time\./);
  await expect(readSignInLink(system, "sll_never")).rejects.toThrow(/^There is no such link\./);
});

test("an invitation makes the account with the chosen name and password, once", async () => {
  const admin = await portal.person("Root", "admin");
  const { token } = await invite(admin, { email: "New@Example.org", role: "admin" });
  await expect(spendSignInLink(system, { token })).rejects.toMatchObject({
    fields: [
      { field: "name", message: "Enter your name." },
      { field: "password", message: "Choose a password." },
    ],
  });
  await expect(spendSignInLink(system, { token, name: "N", password: "short" })).rejects.toMatchObject({
    fields: [{ field: "password", message: "A password has at least 10 characters." }],
  });
  const input = { token, name: "Newton", password: "an apple a day" };
  const both = await Promise.allSettled([spendSignInLink(system, input), spendSignInLink(system, input)]);
  expect(both.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
  const person = await portal.db.user.findUniqueOrThrow({
    where: { email: "new@example.org" },
    include: { accounts: true },
  });
  expect([person.name, person.role, person.accounts.length]).toEqual(["Newton", "admin", 1]);
  expect(await verifyPassword({ hash: person.accounts[0]?.password ?? "", password: "an apple a day" })).toBe(
    true,
  );
  await expect(invite(admin, { email: "new@example.org" })).rejects.toMatchObject({
    fields: [{ field: "email" }],
  });
});

test("a sign-in link leaves password and sessions as they are, unless a new password is given: that ends them all", async () => {
  const lyn = await portal.person("Lyn");
  const link = async () => (await createSignInLink(system, { email: "lyn@example.org" })).token;
  await changePassword(lyn, { newPassword: "known to a thief" });
  await portal.db.session.create({
    data: { id: "thief", token: "thief", userId: lyn.userId, expiresAt: new Date("2030-01-01") },
  });
  const sessions = () => portal.db.session.count({ where: { userId: lyn.userId } });
  const opens = async (password: string) => {
    const row = await portal.db.account.findFirstOrThrow({ where: { userId: lyn.userId } });
    return verifyPassword({ hash: row.password ?? "", password });
  };
  await spendSignInLink(system, { token: await link() });
  expect([await sessions(), await opens("known to a thief")]).toEqual([1, true]);
  const token = await link();
  await expect(spendSignInLink(system, { token, password: "short" })).rejects.toMatchObject({
    fields: [{ field: "password", message: "A password has at least 10 characters." }],
  });
  await spendSignInLink(system, { token, password: "known to nobody" });
  expect([await sessions(), await opens("known to nobody")]).toEqual([0, true]);
});

test("a newer invitation of the same address ends the older", async () => {
  const admin = await portal.person("Root2", "admin");
  const older = await invite(admin, { email: "twice@example.org" });
  const newer = await invite(admin, { email: "twice@example.org" });
  await expect(readSignInLink(system, older.token)).rejects.toMatchObject({ code: "not_found" });
  expect(await readSignInLink(system, newer.token)).toMatchObject({ purpose: "invite" });
});

test("members invite nobody, and nobody gets a link to an account that isn't there or is disabled", async () => {
  const member = await portal.person("Member");
  await expect(invite(member, { email: "x@example.org" })).rejects.toMatchObject({ code: "forbidden" });
  await expect(createSignInLink(member, { email: "root@example.org" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(createSignInLink(system, { email: "nobody@example.org" })).rejects.toMatchObject({
    code: "not_found",
  });
  const { token } = await createSignInLink(system, { email: " MEMBER@example.org " });
  await portal.db.user.update({
    where: { email: "member@example.org" },
    data: { disabledAt: portal.clock.now() },
  });
  await expect(spendSignInLink(system, { token })).rejects.toThrow(/disabled/);
  await expect(createSignInLink(system, { email: "member@example.org" })).rejects.toMatchObject({
    code: "conflict",
  });
});
