import { expectAccessible } from "#e2e/portal/expect-accessible.ts";
import { makeExamples, open, pagesOf, type Example } from "#e2e/portal/pages.ts";
import { signInLink } from "#e2e/portal/people.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";
import { routes } from "#lib/routes.ts";

test.describe.configure({ mode: "serial", timeout: 180_000 });

let examples: Example;

test("pages with real data, failed and gone", async ({ page, person }) => {
  examples = await makeExamples(person.api, "axe");
  for (const [address, shows] of pagesOf(examples)) {
    await open(page, address, shows);
    await expectAccessible(page, address);
  }
});

test("what opens on a page", async ({ page }) => {
  await test.step("an answer in the test console", async () => {
    await open(page, routes.test(examples.ready), "Nothing sent yet");
    await page.getByRole("button", { name: "Send" }).click();
    await expect(seen(page, "Time split")).toBeVisible();
    await expectAccessible(page, "answer");
  });
  await test.step("a new key", async () => {
    await open(page, routes.deployment(examples.ready), "Load balancer and variants");
    await page.getByRole("button", { name: "Create a key" }).click();
    await expect(seen(page, "Your new key, shown this once")).toBeVisible();
    await expectAccessible(page, "new key");
  });
  await test.step("the form with two variants, everything open, and problems", async () => {
    await open(page, routes.newDeployment, "What will be created");
    await page.getByRole("button", { name: "Add a variant" }).click();
    await page.getByLabel("Name", { exact: true }).fill("NO");
    for (const section of ["Rules", "Balancing", "Endpoint", "Environment", "Time to live"]) {
      await page.locator("summary").filter({ hasText: section }).click();
    }
    await page.getByRole("button", { name: "Add a rule" }).click();
    await page.getByRole("button", { name: "Add a variable" }).click();
    await page.getByLabel("Access").selectOption("open");
    await page.getByRole("button", { name: "Create deployment" }).click();
    await expect(seen(page, "Give at least one condition.").first()).toBeVisible();
    await expectAccessible(page, "form with problems");
  });
  await test.step("what will change", async () => {
    await open(page, routes.settings(examples.ready), "Danger zone");
    await page.getByLabel("Replicas from").fill("2");
    await page.getByRole("button", { name: "Review changes" }).click();
    await expect(page.getByRole("dialog", { name: "What will change" })).toBeVisible();
    await expectAccessible(page, "change dialog");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Tear down" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page, "tear-down dialog");
  });
});

test("empty pages, the admin's pages, and those before one is signed in", async ({
  people,
  person,
  enter,
}) => {
  const newcomer = await (await enter(await people.of("axe-newcomer"))).newPage();
  await open(newcomer, routes.dashboard, "Serve your first model");
  await expectAccessible(newcomer, "empty dashboard");

  const admin = await (await enter(await people.of("axe-admin", "admin"))).newPage();
  await open(admin, routes.people, "Invite someone");
  await admin.getByLabel("E-mail").fill("axe-invited@example.test");
  await admin.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(seen(admin, "Send this link to axe-invited@example.test")).toBeVisible();
  await expectAccessible(admin, "people");
  const invitation = (await seen(admin, "/sign-in/link/").textContent()) ?? "";

  const stranger = await (await enter(null)).newPage();
  for (const [address, shows] of [
    [routes.signIn, "Sign in"],
    [signInLink(person.email), "It works once."],
    [invitation, "Choose a password"],
    [routes.signInLink("sll_unknown"), "This link doesn’t work"],
  ] as const) {
    await open(stranger, address, shows);
    await expectAccessible(stranger, address);
  }
});

test.describe("an address that leads nowhere", () => {
  test.use({ expectedErrors: /404/ });
  test("is accessible too", async ({ page }) => {
    await open(page, routes.deployment("nobody-has-this"), "There is nothing at this address");
    await expectAccessible(page, "not found");
  });
});
