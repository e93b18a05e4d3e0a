import type { Page } from "@playwright/test";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";

test.describe.configure({ mode: "serial" });
test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const sentiment = {
  target: "local",
  model: { preset: "sentiment" },
  scaling: { minReplicas: 1, maxReplicas: 1, metric: "none" },
};

test("exactly 500 requests with 7 errors give those figures", async ({ page, person }) => {
  const deployment = await person.api.ready({ ...sentiment, name: "dash-figures" });
  const bodies = Array.from({ length: 500 }, (_, index) =>
    index % 70 === 3 && index < 490 ? "{" : { text: "fine" },
  );
  const statuses = await inTurns(bodies, 16, async (body) => {
    const answer = await person.api.predict(deployment, body);
    await answer.arrayBuffer();
    return answer.status;
  });
  expect(statuses.filter((status) => status === 400)).toHaveLength(7);
  expect(statuses.filter((status) => status === 200)).toHaveLength(493);

  await page.goto("/");
  const figures = row(page, "dash-figures");
  await expect(figures).toContainText("1.4 %");
  await expect(figures).toContainText("7 of 500");
  await expect(figures).toContainText(/1\s*\/\s*ready of\s*1/);
  const { traffic } = await person.api.get("dash-figures");
  expect(traffic).toMatchObject({ requests: 500, errors: 7, serverErrors: 0, errorRate: 0.014 });
  expect(traffic.requestsPerSecond).toBeGreaterThan(0);
  await figures.getByRole("link", { name: "dash-figures" }).click();
  await expect(page.getByRole("region", { name: "Recent requests" }).locator("tbody tr")).toHaveCount(20);
});

test("a deployment made elsewhere shows up and gets ready without a reload", async ({ page, person }) => {
  await page.goto("/");
  await expect(row(page, "dash-figures")).toBeVisible();
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await person.api.deploy({ ...sentiment, name: "dash-made-elsewhere" });
  await expect(row(page, "dash-made-elsewhere")).toContainText("Ready", { timeout: 30_000 });
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

test("the address is copied", async ({ page, person }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Copy address of dash-figures" }).click();
  await expect(row(page, "dash-figures").getByRole("status")).toHaveText("Copied");
  const { endpoint } = await person.api.get("dash-figures");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(endpoint?.url);
});

test("search, filter and order are in the address: they survive a reload, and the way back", async ({
  page,
}) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Deployment", exact: true }).click();
  await expect(page).toHaveURL(/sort=name/);
  await expect(names(page)).toHaveText([/^dash-figures/, /^dash-made-elsewhere/]);
  await page.getByRole("link", { name: "Deployment", exact: true }).click();
  await expect(page).toHaveURL(/direction=desc/);
  await expect(names(page)).toHaveText([/^dash-made-elsewhere/, /^dash-figures/]);
  await page.getByRole("combobox", { name: "Status" }).selectOption("ready");
  await expect(page).toHaveURL(/status=ready/);
  await page.getByRole("searchbox").fill("dash-made");
  await expect(page).toHaveURL(/search=dash-made/);
  await expect(names(page)).toHaveText([/^dash-made-elsewhere/]);

  const shown = page.url();
  const expectTheSame = async () => {
    await expect(page).toHaveURL(shown);
    await expect(page.getByRole("searchbox")).toHaveValue("dash-made");
    await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("ready");
    await expect(page.getByRole("columnheader", { name: "Deployment" })).toHaveAttribute(
      "aria-sort",
      "descending",
    );
    await expect(names(page)).toHaveText([/^dash-made-elsewhere/]);
  };
  await page.reload();
  await expectTheSame();
  await page.getByRole("link", { name: "dash-made-elsewhere" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "dash-made-elsewhere" })).toBeVisible();
  await page.goBack();
  await expectTheSame();

  await page.getByRole("combobox", { name: "Status" }).selectOption("failed");
  await expect(seen(page, "No deployment matches")).toBeVisible();
  await page.getByRole("link", { name: "Show all live ones" }).click();
  await expect(names(page)).toHaveCount(2);
});

function row(page: Page, name: string) {
  return page.locator("tbody tr").filter({ has: page.getByRole("link", { name, exact: true }) });
}

function names(page: Page) {
  return page.locator("tbody tr td:first-child");
}

/** Runs the work over all items, so many at a time. */
async function inTurns<T, R>(
  items: readonly T[],
  atATime: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [index, item] of left) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return results;
}
