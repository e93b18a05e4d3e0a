import type { Page } from "@playwright/test";
import { makeExamples, open, pagesOf } from "#e2e/portal/pages.ts";
import { expect, test } from "#e2e/portal/test.ts";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test("every page fits a phone", async ({ page, person }) => {
  const examples = await makeExamples(person.api, "phone");
  for (const [address, shows] of pagesOf(examples)) {
    await open(page, address, shows);
    await expectToFit(page, address);
  }
});

test("a deployment is made, looked at and torn down on a phone", async ({ page, person }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Menu" }).tap();
  await page.getByRole("dialog").getByRole("link", { name: "New deployment" }).tap();
  await page.getByLabel("Name", { exact: true }).fill("phone-made");
  await page.getByRole("button", { name: "Create deployment" }).tap();
  await expect(page.getByRole("article", { name: "Deploy, succeeded" })).toBeVisible({ timeout: 60_000 });
  await expectToFit(page, "timeline");
  await page.getByRole("button", { name: "Tear down" }).tap();
  await page.getByRole("dialog").getByLabel("Type phone-made to confirm").fill("phone-made");
  await expectToFit(page, "tear-down dialog");
  await page.getByRole("dialog").getByRole("button", { name: "Tear down" }).tap();
  await expect(page.getByRole("article", { name: "Tear-down, succeeded" })).toBeVisible({ timeout: 60_000 });
  expect((await person.api.get("phone-made")).receipt?.remaining).toEqual([]);
});

/** The document scrolls down only; what is wide scrolls by itself. */
async function expectToFit(page: Page, what: string): Promise<void> {
  const tooWide = await page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > root.clientWidth)
      .map((element) => `${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`);
  });
  expect.soft(tooWide, what).toEqual([]);
}
