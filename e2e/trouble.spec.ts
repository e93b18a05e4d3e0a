import type { Page } from "@playwright/test";
import { databaseProcesses, portalProcess, replicaProcesses, whatIsLeftOf } from "#e2e/portal/machine.ts";
import { takePort } from "#e2e/portal/take-port.ts";
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
  const taken = await takePort();
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

test("the worker killed in the middle: interrupted, and a retry takes over what exists", async ({
  page,
  person,
}) => {
  const { id } = await person.api.deploy({ ...sentiment, name: "trouble-interrupted" });
  await page.goto(routes.activity(id));
  await expect.poll(() => replicaProcesses(id), { timeout: 30_000, intervals: [50] }).toHaveLength(1);
  const [replica] = replicaProcesses(id);
  const worker = portalProcess("infra/worker/main.ts");
  process.kill(worker, "SIGKILL");
  await expect(page.getByRole("article", { name: "Deploy, interrupted" })).toBeVisible({ timeout: 40_000 });
  await expect(failed(page, "interrupted").first()).toBeVisible();
  expect(portalProcess("infra/worker/main.ts")).not.toBe(worker);

  await retry(page).click();
  await expect(seen(page, "Ready", { exact: true })).toBeVisible({ timeout: 60_000 });
  const ready = await person.api.get(id);
  expect(replicaProcesses(id)).toEqual([replica]);
  expect((await person.api.predict(ready, { text: "good" })).status).toBe(200);
  const gone = await person.api.destroy(id);
  expect([gone.status, gone.receipt?.remaining]).toEqual(["destroyed", []]);
});

test.describe("the database gone for 10 s", () => {
  // React's 441: a part of the page couldn't be made on the server.
  test.use({ expectedErrors: /50[0-9]|ERR_|Server Components render|React error #441/ });
  const away = /Reconnecting…|The database doesn’t answer/;

  test("pages say so and recover, and endpoints go on serving", async ({ page, context, person }) => {
    const deployment = await person.api.get("trouble-port");
    await page.goto("/");
    await expect(page.getByRole("link", { name: "trouble-port" })).toBeVisible();
    const opened = await context.newPage();
    const processes = databaseProcesses();
    try {
      for (const pid of processes) process.kill(pid, "SIGSTOP");
      const since = Date.now();
      // What is shown stays, unless it was being read again just then.
      await expect(seen(page, away).first()).toBeVisible({ timeout: 20_000 });
      expect((await person.api.predict(deployment, { text: "good" })).status).toBe(200);
      await opened.goto(routes.targets, { waitUntil: "commit" });
      await expect(seen(opened, "The database doesn’t answer")).toBeVisible({ timeout: 30_000 });
      await expect.poll(() => Date.now() - since, { timeout: 15_000 }).toBeGreaterThan(10_000);
    } finally {
      for (const pid of processes) process.kill(pid, "SIGCONT");
    }
    await expect(seen(page, away)).toHaveCount(0, { timeout: 20_000 });
    await expect(page.getByRole("link", { name: "trouble-port" })).toBeVisible({ timeout: 20_000 });
    await expect(opened.getByRole("heading", { level: 1, name: "Targets" })).toBeVisible({ timeout: 20_000 });
    await person.api.deploy({ ...sentiment, name: "trouble-after" });
    await expect(page.locator("tbody tr").filter({ hasText: "trouble-after" })).toContainText("Ready", {
      timeout: 30_000,
    });
  });
});
