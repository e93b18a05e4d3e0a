import { expect, test } from "#e2e/portal/test.ts";

// The others ask for less motion; here things turn and pulse as they do for most people.
test.use({ contextOptions: { reducedMotion: "no-preference" } });

test("a killed replica shows its new process, one restart, and answers", async ({ page, person }) => {
  const deployment = await person.api.ready({
    name: "healing",
    target: "local",
    model: { preset: "sentiment" },
    scaling: { minReplicas: 1, maxReplicas: 1, metric: "none" },
  });
  await page.goto(`/deployments/${deployment.id}`);
  const cells = page.getByRole("region", { name: "Replicas" }).locator("tbody tr").getByRole("cell");
  const [replica, state, pid, restarts] = [cells.nth(0), cells.nth(1), cells.nth(2), cells.nth(3)];
  await expect(replica).toHaveText("main/1");
  await expect(restarts).toHaveText("0");
  const first = (await pid.textContent()) ?? "";
  process.kill(Number(first), "SIGKILL");
  await expect(restarts).toHaveText("1");
  await expect(state).toHaveText("ready");
  await expect(pid).toHaveText(/^\d+$/);
  await expect(pid).not.toHaveText(first);
  const answer = await person.api.predict(deployment, { text: "What a wonderful day." });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("x-sluice-replica")).toBe(`${deployment.id}/main/1`);
});
