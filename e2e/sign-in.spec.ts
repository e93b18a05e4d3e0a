import { ask } from "#e2e/portal/database.ts";
import { signInLink } from "#e2e/portal/people.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";

test.use({ storageState: { cookies: [], origins: [] } });

test("the link of the start signs the admin in, once", async ({ page, enter }) => {
  const link = process.env.SLUICE_TEST_SIGN_IN_LINK ?? signInLink();
  // Who only looks (a mail program, say) doesn't spend it.
  await page.goto(link);
  await page.reload();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(
    page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "People" }),
  ).toBeVisible();

  const other = await (await enter(null)).newPage();
  await other.goto(link);
  await expect(other.getByRole("heading", { name: "This link doesn’t work" })).toBeVisible();
  await expect(seen(other, "This link was used already.")).toBeVisible();
  await other.getByRole("link", { name: "Sign in with a password" }).click();
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a link that was left lying says so", async ({ page, person }) => {
  const link = signInLink(person.email);
  await ask(
    "databaseUrl",
    "update sign_in_link set expires_at = now() - interval '1 minute' where email = $1",
    [person.email],
  );
  await page.goto(link);
  await expect(seen(page, "This link was not used in time.")).toBeVisible();
});

test.describe("with a password", () => {
  test.use({ expectedErrors: /401/ });

  test("a wrong one is told, the right one opens, and after signing out nothing is shown", async ({
    page,
    person,
  }) => {
    await page.goto("/");
    await expect(page).toHaveURL(/\/sign-in$/);
    await page.getByLabel("E-mail").fill(person.email);
    await page.getByLabel("Password").fill("not-the-password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(seen(page, "Not signed in")).toBeVisible();
    await page.getByLabel("Password").fill(person.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(seen(page, "Serve your first model")).toBeVisible();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await page.goto("/targets");
    await expect(page).toHaveURL(/\/sign-in/);
  });
});

test.describe("in another browser", () => {
  test.use({ expectedErrors: /401/ });

  test("a forgotten password is set anew on the link's page, and every tab that was signed in leaves", async ({
    page,
    people,
    enter,
  }) => {
    const forgetful = await people.of("sign-in-forgetful");
    const earlier = await enter(forgetful);
    const tabs = [await earlier.newPage(), await earlier.newPage()];
    for (const tab of tabs) await tab.goto("/account");

    await page.goto(signInLink(forgetful.email));
    await page.getByLabel("A new password").fill("not forgotten this time");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(seen(page, "Serve your first model")).toBeVisible();

    for (const tab of tabs) await expect(tab).toHaveURL(/\/sign-in$/, { timeout: 45_000 });
    const [tab = page] = tabs;
    await tab.getByLabel("E-mail").fill(forgetful.email);
    await tab.getByLabel("Password").fill("not forgotten this time");
    await tab.getByRole("button", { name: "Sign in" }).click();
    await expect(seen(tab, "Serve your first model")).toBeVisible();
  });
});

test.describe("before any script has run", () => {
  test.use({ javaScriptEnabled: false });

  test("what is typed to sign in doesn't get into the address", async ({ page, person }) => {
    await page.goto("/sign-in");
    await page.getByLabel("E-mail").fill(person.email);
    await page.getByLabel("Password").fill(person.password);
    const sent = page.waitForRequest((request) => request.isNavigationRequest());
    await page.getByRole("button", { name: "Sign in" }).click();
    expect((await sent).method()).toBe("POST");
    await page.waitForLoadState();
    expect(page.url()).toMatch(/\/sign-in$/);
    await expect(page.getByLabel("Password")).toHaveValue("");
  });
});

test.describe("invited", () => {
  test.use({ expectedErrors: /404/ });

  test("somebody makes an account, doesn't see another's deployment, and is shut out when disabled", async ({
    people,
    person,
    enter,
  }) => {
    const theirs = await person.api.deploy({
      name: "sign-in-theirs",
      target: "local",
      model: { preset: "sentiment" },
    });
    const admin = await (await enter(await people.of("sign-in-admin", "admin"))).newPage();
    const email = `invited-${Date.now()}@example.test`;
    await admin.goto("/people");
    await admin.getByLabel("E-mail").fill(email);
    await admin.getByRole("button", { name: "Invite", exact: true }).click();
    await expect(seen(admin, `Send this link to ${email}`)).toBeVisible();
    const link = (await seen(admin, "/sign-in/link/").textContent()) ?? "";

    const page = await (await enter(null)).newPage();
    await page.goto(link);
    await page.getByLabel("Your name").fill("Grace");
    await page.getByLabel("Choose a password").fill("a long password");
    await page.getByRole("button", { name: "Make my account" }).click();
    await expect(seen(page, "Serve your first model")).toBeVisible();
    await expect(
      page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "People" }),
    ).toBeHidden();
    for (const address of [`/deployments/${theirs.id}`, `/deployments/${theirs.id}/settings`, "/people"]) {
      await page.goto(address);
      await expect(seen(page, "There is nothing at this address")).toBeVisible();
      await expect(seen(page, theirs.name)).toBeHidden();
    }

    const row = admin.locator("tbody tr").filter({ hasText: email });
    await admin.reload();
    await row.getByRole("button", { name: "Disable Grace" }).click();
    await admin.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
    await expect(row).toContainText("disabled");
    await page.goto("/");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  });
});
