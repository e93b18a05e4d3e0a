import { databaseProcesses, portalProcess, replicaProcesses } from "#e2e/portal/machine.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";
import { routes } from "#lib/routes.ts";

test.describe.configure({ mode: "serial" });

const sentiment = { target: "local", model: { preset: "sentiment" } };

test("the worker killed in the middle: interrupted, and a retry takes over what exists", async ({
  page,
  person,
}) => {
  const { id } = await person.api.deploy({ ...sentiment, name: "outage-interrupted" });
  await page.goto(routes.activity(id));
  await expect.poll(() => replicaProcesses(id), { timeout: 30_000, intervals: [50] }).toHaveLength(1);
  const [replica] = replicaProcesses(id);
  const worker = portalProcess("infra/worker/main.ts");
  process.kill(worker, "SIGKILL");
  await expect(page.getByRole("article", { name: "Deploy, interrupted" })).toBeVisible({ timeout: 40_000 });
  await expect(seen(page, "interrupted", { exact: true }).first()).toBeVisible();
  expect(portalProcess("infra/worker/main.ts")).not.toBe(worker);

  await page.getByRole("button", { name: "Retry" }).click();
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
    const deployment = await person.api.ready({ ...sentiment, name: "outage-served" });
    await page.goto("/");
    await expect(page.getByRole("link", { name: "outage-served" })).toBeVisible();
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
    await expect(page.getByRole("link", { name: "outage-served" })).toBeVisible({ timeout: 20_000 });
    await expect(opened.getByRole("heading", { level: 1, name: "Targets" })).toBeVisible({ timeout: 20_000 });
    await person.api.deploy({ ...sentiment, name: "outage-after" });
    await expect(page.locator("tbody tr").filter({ hasText: "outage-after" })).toContainText("Ready", {
      timeout: 30_000,
    });
  });
});
