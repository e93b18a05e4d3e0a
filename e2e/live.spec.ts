import type { Page } from "@playwright/test";
import type { OperationView } from "#lib/deployments/view.ts";
import type { RecordedEvent } from "#lib/operations/events.ts";
import { stageTitle } from "#lib/operations/stages.ts";
import type { PortalApi } from "#e2e/portal/api.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";

const sentiment = { target: "local", model: { preset: "sentiment" } };

test("ten open tabs stay live, and an eleventh page opens at once", async ({ context, person }) => {
  const tabs = await Promise.all(Array.from({ length: 10 }, () => context.newPage()));
  for (const tab of tabs) await tab.goto("/");
  const { id } = await person.api.deploy({ ...sentiment, name: "live-in-ten-tabs" });
  for (const tab of tabs) await expect(tab.locator("tbody tr")).toContainText("Ready", { timeout: 30_000 });
  await person.api.destroy(id);
  for (const tab of tabs) await expect(seen(tab, "Nothing is deployed now")).toBeVisible();

  const eleventh = await context.newPage();
  await eleventh.goto("/targets", { timeout: 5_000 });
  await expect(eleventh.getByRole("heading", { level: 1, name: "Targets" })).toBeVisible({ timeout: 5_000 });
});

test("a timeline that was reloaded in the middle has every event once, in order", async ({
  page,
  person,
}) => {
  const { id, operation } = await person.api.deploy({ ...sentiment, name: "live-reloaded" });
  await page.goto(`/deployments/${id}/activity`);
  await expect(page.getByRole("list", { name: "Stages" })).toContainText("Queued");
  await page.reload();
  await expectWholeTimeline(page, person.api, operation);
  await page.reload();
  await expectWholeTimeline(page, person.api, operation);
});

test.describe("with the connection lost in the middle", () => {
  test.use({ expectedErrors: /ERR_INTERNET_DISCONNECTED|ERR_NETWORK|Failed to fetch/ });

  test("a timeline catches up without a gap or a repeat", async ({ page, context, person }) => {
    const { id, operation } = await person.api.deploy({ ...sentiment, name: "live-offline" });
    await page.goto(`/deployments/${id}/activity`);
    await expect(page.getByRole("list", { name: "Stages" })).toContainText("Queued");
    await context.setOffline(true);
    await person.api.until(id, (deployment) => deployment.status === "ready");
    await context.setOffline(false);
    await expectWholeTimeline(page, person.api, operation);
  });
});

/** Compares what the page shows with the events of the API: the log line by line, the stages with their times. */
async function expectWholeTimeline(page: Page, api: PortalApi, operation: OperationView): Promise<void> {
  const card = page.getByRole("article", { name: "Deploy, succeeded" });
  await expect(card).toBeVisible({ timeout: 60_000 });
  const { body } = await api.send<{ items: RecordedEvent[] }>(
    "GET",
    `/operations/${operation.id}/events`,
    undefined,
    {
      accept: "application/json",
    },
  );
  const events = body.items;
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));

  const logged = events.flatMap((event) => (event.kind === "log" ? [event.text.trim()] : []));
  const log = card.getByRole("log");
  const fold = card.locator("summary").filter({ hasText: "Engine log" });
  await expect(fold).toContainText(`${logged.length} lines`);
  // It is open where it was followed live, and folded where the page was opened after the end.
  if (!(await log.isVisible())) await fold.click();
  expect(logged.length).toBeGreaterThan(0);
  await expect(log.locator("p > span:last-child")).toHaveText(logged);

  const ended = events.flatMap((event) => (event.kind === "stage_ended" ? [event.stage] : []));
  await expect(card.getByRole("list", { name: "Stages" }).getByRole("listitem")).toHaveText(
    ended.map((stage) => new RegExp(`^${stageTitle[stage]}: done`)),
  );
  const made = events.flatMap((event) => (event.kind === "resource_ended" ? [event.resource.name] : []));
  expect(new Set(made).size).toBeGreaterThan(0);
  await expect(card.getByRole("list", { name: "Resources" }).getByText("created")).toHaveCount(made.length);
}
