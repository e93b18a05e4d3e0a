import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expectAccessible } from "#e2e/portal/expect-accessible.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";
import { fakeCluster, type FakeCluster } from "#infra/clusters/fixtures/fake-cluster.ts";
import { routes } from "#lib/routes.ts";

let cluster: FakeCluster;
test.beforeEach(async () => {
  cluster = await fakeCluster();
});
test.afterEach(() => cluster.close());

const card = (page: Page, name: string) => page.getByRole("radio", { name });
const open = (page: Page, title: string) =>
  page.locator("summary").filter({ hasText: title }).first().click();
const plan = (page: Page) => page.getByRole("region", { name: "What will be created" });
const balancer = (page: Page) => page.getByRole("status").filter({ hasText: "Load balancer" });

test("a member fills the form in for a cluster and sees the plan", async ({ page, people }) => {
  test.setTimeout(180_000);
  const admin = await people.of("targets-admin", "admin");
  const name = `roomy-${randomUUID().slice(0, 6)}`;
  const made = await admin.api.send("POST", "/targets", { name, kubeconfig: cluster.kubeconfig() });
  expect(made.status).toBe(201);
  await page.goto(routes.newDeployment);

  await test.step("the cluster is a card that comes to life when it was checked", async () => {
    await expect(card(page, name)).toBeEnabled({ timeout: 60_000 });
    // What this version can't deploy to is no choice.
    await expect(card(page, "Google Kubernetes Engine")).toHaveCount(0);
    await expect(seen(page, "2 nodes", { exact: false }).first()).toBeVisible();
  });

  await test.step("what can't stay is moved, and says so; without a prefix only images are taken", async () => {
    await page.getByLabel("Scales on").selectOption("inflight");
    await card(page, name).check();
    await expect(seen(page, /Changed with the target: A cluster scales on processor use/)).toBeVisible();
    await expect(page.getByLabel("Scales on")).toHaveValue("cpu");
    await expect(card(page, "Container image")).toBeChecked();
    await expect(card(page, "Sentiment and entities")).toBeDisabled();
    await expect(
      seen(page, /can't pull the catalogue's models, so it takes a container image/),
    ).toBeVisible();
  });

  await test.step("an image with what it needs, and a warning where no node has it", async () => {
    await page.getByLabel("Image", { exact: true }).fill("registry.example.com/model:1.0");
    await page.getByLabel("Runs as root").check();
    await page.getByLabel("Wanted use, in %").fill("60");
    await page.getByRole("textbox", { name: "Memory" }).fill("900Gi");
    await expect(seen(page, /No node has 900Gi of memory free now/)).toBeVisible();
    await expectAccessible(page, "the form for a cluster");
    await page.getByRole("textbox", { name: "Memory" }).fill("1Gi");
    await expect(seen(page, /No node has/)).toHaveCount(0);
    await expect(plan(page)).toContainText("1 to 3 × registry.example.com/model:1.0");
    await expect(plan(page)).toContainText("60 % of the processor asked for");
  });

  await test.step("the load balancer follows from what is asked of it", async () => {
    await open(page, "Endpoint");
    await expect(balancer(page)).toContainText("HAProxy in the namespace, behind a node port.");
    await page.getByLabel("Reached by").selectOption({ label: "Gateway of class traefik" });
    await expect(balancer(page)).toContainText(
      "Gateway traefik, then HAProxy in the namespace for what a Gateway lacks: keys, the algorithm least-connections",
    );
    await page.getByLabel("Access").selectOption("open");
    await open(page, "Balancing");
    await page.getByLabel("A request goes to").selectOption("round-robin");
    await expect(balancer(page)).toContainText("The Gateway does it all");
    await expect(plan(page)).toContainText("The address, by Gateway class traefik, open to all");
    await expect(plan(page)).not.toContainText("HAProxy");
    await page.getByLabel("Reached by").selectOption("NodePort");
    await page.getByLabel("Load balancer", { exact: true }).selectOption("4");
    await expect(balancer(page)).toContainText("A plain Service, by a node port: layer 4");
  });

  await test.step("a pull secret is asked for whole", async () => {
    await open(page, "Pull secret");
    await page.getByRole("button", { name: "Add a pull secret" }).click();
    await page.getByLabel("Registry").fill("registry.example.com");
    await page.getByLabel("User").fill("ci");
    await page.getByLabel("Password or token").focus();
    await page.getByLabel("Registry").focus();
    await expect(seen(page, "Give the password or token.")).toBeVisible();
    await page.getByLabel("Password or token").fill("a password");
    await expect(plan(page)).toContainText("What the images are pulled with");
    await expectAccessible(page, "all sections for a cluster");
  });

  await test.step("on this machine again: what was typed for the cluster waits, and isn't sent", async () => {
    await card(page, "This machine").check();
    await expect(seen(page, /The image is kept for another target/)).toBeVisible();
    await expect(page.getByLabel("Runs as root")).toHaveCount(0);
    await expect(plan(page)).toContainText("resources on this machine");
    await card(page, name).check();
    await card(page, "Container image").check();
    await expect(page.getByLabel("Image", { exact: true })).toHaveValue("registry.example.com/model:1.0");
  });
  expect((await admin.api.send("DELETE", `/targets/${name}`)).status).toBe(200);
});

test("an admin without a cluster is shown the way to one, on a phone too", async ({ people, enter }) => {
  const admin = await people.of("targets-admin", "admin");
  // What other specs registered, and nothing is deployed to.
  const { body } = await admin.api.send<{ items: { name: string; cluster: object | null }[] }>(
    "GET",
    "/targets",
  );
  for (const { name, cluster } of body.items) {
    if (cluster) expect((await admin.api.send("DELETE", `/targets/${name}`)).status).toBe(200);
  }
  const context = await enter(admin, { viewport: { width: 375, height: 740 } });
  const page = await context.newPage();
  await page.goto(routes.newDeployment);
  await expect(seen(page, "No cluster is registered yet. Add one below.")).toBeVisible();
  await page.getByRole("link", { name: "Add a cluster" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Add a cluster" })).toBeVisible();
});
