import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "#lib/context.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { listDeployments, type ListInput } from "#lib/deployments/list.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
let ada: Context;
let bob: Context;
let admin: Context;

beforeAll(async () => {
  portal = await testPortal();
  [ada, bob, admin] = [
    await portal.person("Ada"),
    await portal.person("Bob"),
    await portal.person("Root", "admin"),
  ];
  for (const [owner, name, status] of [
    [ada, "alpha", "ready"],
    [ada, "beta-x", "failed"],
    [ada, "gamma", "ready"],
    [ada, "gone", "destroyed"],
    [bob, "delta", "ready"],
  ] as const) {
    portal.clock.move(1000);
    const ctx = { ...owner, sealingKey: portal.sealingKey };
    const { id } = await createDeployment(ctx, { name, target: "local", model: { preset: "sentiment" } });
    await portal.db.deployment.update({ where: { id }, data: { status } });
  }
});
afterAll(() => portal.drop());

async function names(ctx: Context, input: ListInput = {}): Promise<string[]> {
  return (await listDeployments(ctx, input)).items.map((item) => item.name);
}

test("a person sees their own live ones, newest first; an admin sees all", async () => {
  expect(await names(ada)).toEqual(["gamma", "beta-x", "alpha"]);
  expect(await names(bob)).toEqual(["delta"]);
  expect(await names(admin)).toEqual(["delta", "gamma", "beta-x", "alpha"]);
  expect(await names(admin, { status: "all" })).toHaveLength(5);
});

test.each<[ListInput, string[]]>([
  [{ status: "destroyed" }, ["gone"]],
  [{ status: "ready" }, ["gamma", "alpha"]],
  [{ target: "gke" }, []],
  [{ model: "sentiment", sort: "name" }, ["alpha", "beta-x", "gamma"]],
  [{ model: "other" }, []],
  [{ sort: "name", direction: "desc" }, ["gamma", "beta-x", "alpha"]],
  [{ sort: "status" }, ["beta-x", "alpha", "gamma"]],
  [{ sort: "trouble" }, ["beta-x", "gamma", "alpha"]],
  [{ sort: "createdAt", direction: "asc" }, ["alpha", "beta-x", "gamma"]],
  [{ search: "A-X" }, ["beta-x"]],
  [{ search: "sentim" }, ["gamma", "beta-x", "alpha"]],
  [{ search: "%" }, []],
  [{ search: "_" }, []],
  [{ search: "\\" }, []],
  [{ search: "'; drop table deployment; --" }, []],
])("%j", async (input, expected) => {
  const found = await names(ada, input);
  if (input.sort === "status") expect([found[0], ...found.slice(1).sort()]).toEqual(expected);
  else expect(found).toEqual(expected);
});

test.each(["name", "status", "createdAt", "model", "trouble"] as const)(
  "pages by %s show each row once",
  async (sort) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listDeployments(admin, { sort, limit: 2, status: "all", cursor });
      expect(page.total).toBe(5);
      seen.push(...page.items.map((item) => item.name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen.toSorted()).toEqual(["alpha", "beta-x", "delta", "gamma", "gone"]);
  },
);

test("another person's deployment marks no place in the list", async () => {
  const [hers, theirs] = [(await names(ada)).length, await listDeployments(admin, { search: "delta" })];
  expect(hers).toBeGreaterThan(0);
  expect((await listDeployments(ada, { cursor: theirs.items[0]?.id })).items).toEqual([]);
});

test("a wrong query names its field", async () => {
  await expect(listDeployments(ada, { limit: 0 })).rejects.toMatchObject({ fields: [{ field: "limit" }] });
  await expect(listDeployments(ada, { status: "odd" } as unknown as ListInput)).rejects.toMatchObject({
    fields: [{ field: "status" }],
  });
});
