import type { Locator, Page } from "@playwright/test";
import { press, reach } from "#e2e/portal/by-keyboard.ts";
import { signInLink } from "#e2e/portal/people.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";

test.use({ storageState: { cookies: [], origins: [] } });

test("the journey without a pointer", async ({ page, person }) => {
  test.setTimeout(180_000);
  const name = "by-keyboard";

  await test.step("sign in", async () => {
    await page.goto(signInLink(person.email));
    await press(page, page.getByRole("button", { name: "Sign in" }), "Enter");
    await expect(seen(page, "Serve your first model")).toBeVisible();
  });

  await test.step("fill in the form", async () => {
    await press(page, page.getByRole("main").getByRole("link", { name: "New deployment" }), "Enter");
    await reach(page, page.getByLabel("Name", { exact: true }));
    await page.keyboard.press("Control+A");
    await page.keyboard.type(name);
    await reach(page, page.getByRole("radio", { name: /^Sentiment and entities/ }));
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("radio", { name: /^Text in images/ })).toBeChecked();
    await page.keyboard.press("ArrowUp");
    await expect(page.getByRole("radio", { name: /^Sentiment and entities/ })).toBeChecked();
    await reach(page, page.getByLabel("Scales on"));
    await page.keyboard.type("Nothing");
    await expect(seen(page, "The number of replicas stays.")).toBeVisible();
    await press(page, page.locator("summary").filter({ hasText: "Environment" }), "Enter");
    await press(page, page.getByRole("button", { name: "Add a variable" }), "Space");
    const variable = page.getByRole("group", { name: "Variable 1" });
    await reach(page, variable.getByLabel("Name"), "back");
    await page.keyboard.type("GREETING");
    await reach(page, page.getByRole("group", { name: "Variable GREETING" }).getByLabel("Value"));
    await page.keyboard.type("hello");
  });

  await test.step("remove a variable: the focus stays in the list, and the next one isn't blamed", async () => {
    const adder = page.getByRole("button", { name: "Add a variable" });
    const name = page.getByRole("group", { name: /^Variable (2|9)$/ }).getByLabel("Name");
    await press(page, adder, "Space");
    await reach(page, name, "back");
    await page.keyboard.type("9");
    await page.keyboard.press("Tab");
    await expect(name).toHaveAttribute("aria-invalid", "true");
    await press(page, page.getByRole("button", { name: "Remove variable 9" }), "Enter");
    await expect(adder).toBeFocused();
    await page.keyboard.press("Space");
    await expect(name).toHaveValue("");
    await expect(name).not.toHaveAttribute("aria-invalid");
    await press(page, page.getByRole("button", { name: "Remove variable 2" }), "Space", "back");
    await expect(adder).toBeFocused();
  });

  await test.step("mend a path: its section stays open while one types", async () => {
    const healthPath = page.getByLabel("Path that answers 200");
    await press(page, page.locator("summary").filter({ hasText: "Health check" }), "Enter", "back");
    await reach(page, healthPath);
    await page.keyboard.type("thz");
    await page.keyboard.press("Tab");
    await expect(healthPath).toHaveAttribute("aria-invalid", "true");
    await reach(page, healthPath, "back");
    await page.keyboard.press("Home");
    await page.keyboard.type("/heal");
    await expect(healthPath).toHaveValue("/healthz");
    await expect(healthPath).toBeFocused();
  });

  await test.step("send it: a closed section opens for what is wrong in it", async () => {
    const lifetime = page.getByLabel("Torn down after");
    const section = page.locator("summary").filter({ hasText: "Time to live" });
    await press(page, section, "Enter");
    await reach(page, lifetime);
    await page.keyboard.type("soon");
    await press(page, section, "Enter", "back");
    await expect(lifetime).toBeHidden();
    await press(page, page.getByRole("button", { name: "Create deployment" }), "Enter");
    await expect(lifetime).toBeFocused();
    await press(page, section, "Enter", "back");
    await press(page, page.getByRole("button", { name: "Time to live, in minutes" }), "Enter", "back");
    await expect(lifetime).toBeFocused();
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await press(page, page.getByRole("button", { name: "Create deployment" }), "Enter");
    await expect(page.getByRole("article", { name: "Deploy, succeeded" })).toBeVisible({ timeout: 60_000 });
  });

  await test.step("make a key and turn to another language", async () => {
    await press(page, tab(page, "Overview"), "Enter");
    await press(page, page.getByRole("button", { name: "Create a key" }), "Space");
    await expect(seen(page, "Your new key, shown this once")).toBeVisible();
    await reach(page, page.getByRole("tab", { name: "curl" }), "back");
    await page.keyboard.press("ArrowRight");
    await expect(page.getByLabel("Python example", { exact: true })).toBeVisible();
  });

  await test.step("call it", async () => {
    await press(page, tab(page, "Test"), "Enter");
    await reach(page, page.getByLabel("Body", { exact: true }));
    await page.keyboard.press("Control+Enter");
    await expect(page.getByLabel("Answer body")).toContainText('"positive"');
  });

  await test.step("change it: what will change keeps the focus until it is decided", async () => {
    await press(page, tab(page, "Settings"), "Enter");
    await reach(page, page.getByLabel("Replicas", { exact: true }));
    await page.keyboard.press("ArrowUp");
    await press(page, page.getByRole("button", { name: "Review changes" }), "Enter");
    const dialog = page.getByRole("dialog", { name: "What will change" });
    await expect(dialog).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("button", { name: "Review changes" })).toBeFocused();
    await page.keyboard.press("Enter");
    await press(page, dialog.getByRole("button", { name: "Apply changes" }), "Enter");
    await expect(page.getByRole("article", { name: "Change, succeeded" })).toBeVisible({ timeout: 60_000 });
  });

  await test.step("tear it down", async () => {
    await press(page, page.getByRole("button", { name: "Tear down" }), "Enter", "back");
    await expect(page.getByLabel(`Type ${name} to confirm`)).toBeFocused();
    await page.keyboard.type(name);
    await press(page, page.getByRole("dialog").getByRole("button", { name: "Tear down" }), "Space");
    await expect(page.getByRole("article", { name: "Tear-down, succeeded" })).toBeVisible({
      timeout: 60_000,
    });
    await press(page, tab(page, "Receipt"), "Enter");
    await expect(seen(page, "Still there: nothing")).toBeVisible();
  });
});

function tab(page: Page, title: string): Locator {
  return page.getByRole("navigation", { name: "Deployment" }).getByRole("link", { name: title });
}
