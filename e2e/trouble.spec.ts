import type { Page } from "@playwright/test";
import { replicaProcesses, whatIsLeftOf } from "#e2e/portal/machine.ts";
import { takeQuietPort } from "#e2e/portal/take-port.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";
import { routes } from "#lib/routes.ts";

test.describe.configure({ mode: "serial" });

const sentiment = { target: "local", model: { preset: "sentiment" } };
/** Its replicas run, but are never found healthy: it fails after a minute, unless it is stopped before. */
const neverHealthy = { ...sentiment, healthPath: "/nope" };
const failed = (page: Page, code: string) => seen(page, code, { exact: true });
const retry = (page: Page) => page.getByRole("button", { name: "Retry" });

test("a port that is taken: another can be chosen, or it is tried again once it is free", async ({
  page,
  person,
}) => {
  // Begun here, looked at below: it takes a minute.
  await person.api.deploy({ ...neverHealthy, name: "trouble-unhealthy" });
  const taken = await takeQuietPort();
  const { id } = await person.api.ended({
    ...sentiment,
    name: "trouble-port",
    endpoint: { port: taken.port },
  });
  await page.goto(routes.deployment(id));
  await expect(seen(page, "Failed", { exact: true })).toBeVisible();
  await expect(failed(page, "port_taken")).toBeVisible();
  await expect(seen(page, "The port is under Settings")).toBeVisible();
  await taken.release();
  await retry(page).click();
  await expect(seen(page, "Ready", { exact: true })).toBeVisible({ timeout: 60_000 });
  expect((await person.api.get(id)).endpoint?.port).toBe(taken.port);
});

test("cancelled while it deploys: it says so, and leaves nothing when torn down", async ({
  page,
  person,
}) => {
  const { id } = await person.api.deploy({ ...neverHealthy, name: "trouble-cancelled" });
  await page.goto(routes.activity(id));
  await expect.poll(() => replicaProcesses(id), { timeout: 30_000 }).toHaveLength(1);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("article", { name: "Deploy, cancelled" })).toBeVisible({ timeout: 30_000 });
  await expect(failed(page, "cancelled").first()).toBeVisible();
  await expect(retry(page)).toBeVisible();
  const gone = await person.api.destroy(id);
  expect([gone.status, gone.receipt?.remaining]).toEqual(["destroyed", []]);
  expect(replicaProcesses(id)).toEqual([]);
});

test("torn down while it deploys: it stops, then goes", async ({ page, person }) => {
  const { id } = await person.api.deploy({ ...neverHealthy, name: "trouble-leaving" });
  await page.goto(routes.deployment(id));
  await expect.poll(() => replicaProcesses(id), { timeout: 30_000 }).toHaveLength(1);
  const port = (await person.api.get(id)).endpoint?.port ?? 0;
  await page.getByRole("button", { name: "Tear down" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("It stops what it is doing first.");
  await dialog.getByLabel("Type trouble-leaving to confirm").fill("trouble-leaving");
  await dialog.getByRole("button", { name: "Tear down" }).click();
  await expect(seen(page, "Destroyed", { exact: true })).toBeVisible({ timeout: 60_000 });
  await page.goto(routes.deployment(id));
  await expect(seen(page, "Still there: nothing")).toBeVisible();
  expect(whatIsLeftOf({ id }, port)).toEqual([]);
});

test("a model that never gets healthy fails with its last lines, and a retry is offered", async ({
  page,
  person,
}) => {
  const { id } = await person.api.until("trouble-unhealthy", ({ status }) => status === "failed", 90);
  await page.goto(routes.deployment(id));
  await expect(failed(page, "probe_failed")).toBeVisible();
  await expect(seen(page, "Check the health path under Settings")).toBeVisible();
  await expect(retry(page)).toBeVisible();
  // What the model server wrote as it started is all that it had to say.
  await expect(page.getByRole("log", { name: "Replica logs" })).toContainText('"event":"listening"');
  await page.goto(routes.activity(id));
  await page.locator("summary").filter({ hasText: "Engine log" }).click();
  await expect(page.getByRole("log", { name: "Engine log" })).toContainText('"event":"listening"');
});
