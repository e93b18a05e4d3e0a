import type { Page } from "@playwright/test";
import type { PortalApi } from "#e2e/portal/api.ts";
import { takePort } from "#e2e/portal/take-port.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect } from "#e2e/portal/test.ts";
import { routes } from "#lib/routes.ts";

export type Example = { ready: string; failed: string; destroyed: string };

/** One deployment that serves and was called, one that failed, one that is gone: what pages have to show. */
export async function makeExamples(api: PortalApi, prefix: string): Promise<Example> {
  const input = (name: string) => ({
    name: `${prefix}-${name}`,
    target: "local",
    model: { preset: "sentiment" },
  });
  const taken = await takePort();
  try {
    const [ready, failed, destroyed] = await Promise.all([
      api.ready({ ...input("serves-and-has-a-long-name"), env: [{ name: "GREETING", value: "hello" }] }),
      api.ended({ ...input("failed"), endpoint: { port: taken.port } }),
      api.ready(input("gone")).then(({ id }) => api.destroy(id)),
    ]);
    await api.predict(ready, { text: "What a wonderful day." });
    await api.predict(ready, "{");
    return { ready: ready.id, failed: failed.id, destroyed: destroyed.id };
  } finally {
    await taken.release();
  }
}

/** Every page of somebody who has these deployments, with what shows that it is there. */
export function pagesOf({ ready, failed, destroyed }: Example): [address: string, shows: string][] {
  return [
    [routes.dashboard, "Deployments"],
    [`${routes.dashboard}?search=nothing-has-this-name`, "No deployment matches"],
    [`${routes.dashboard}?status=all`, "Deployments"],
    [routes.newDeployment, "What will be created"],
    [routes.deployment(ready), "Load balancer and variants"],
    [routes.activity(ready), "Engine log"],
    [routes.test(ready), "Nothing sent yet"],
    [routes.settings(ready), "Danger zone"],
    [routes.deployment(failed), "port_taken"],
    [routes.activity(failed), "Engine log"],
    [routes.settings(failed), "Danger zone"],
    [routes.deployment(destroyed), "Still there: nothing"],
    [routes.activity(destroyed), "Engine log"],
    [routes.targets, "Targets"],
    [routes.account, "Account"],
  ];
}

/** Opens a page and waits until it shows what it is for. */
export async function open(page: Page, address: string, shows: string): Promise<void> {
  await page.goto(address);
  await expect(seen(page.getByRole("main"), shows, { exact: false }).first()).toBeVisible();
}
