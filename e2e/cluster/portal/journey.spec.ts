import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { askApi } from "#e2e/cluster/api.ts";
import type { Place } from "#e2e/cluster/portal/place.ts";
import { Relay } from "#e2e/cluster/portal/relay.ts";
import { press, reach } from "#e2e/portal/by-keyboard.ts";
import { expectAccessible } from "#e2e/portal/expect-accessible.ts";
import { pasteSnippets } from "#e2e/portal/paste-snippets.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";
import { routes } from "#lib/routes.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

const place = JSON.parse(process.env.SLUICE_TEST_PLACE ?? "{}") as Place;
const run = randomUUID().slice(0, 6);
const cluster = `journey-${run}`;
const kept = `on-a-cluster-${run}`;
const given = `given-up-${run}`;

test("a cluster registered, a model on it deployed, changed, mended and torn down, and another forgotten", async ({
  page,
  person,
  people,
  enter,
}) => {
  test.setTimeout(500_000);
  await using relay = await Relay.open(place.kubeconfig);
  // A failure leaves nothing in a cluster that stays: it goes while there is a way to it.
  await using _ = { [Symbol.asyncDispose]: async () => void (place.own ?? (await people.leave())) };
  const admin = await (await enter(await people.of("journey-admin", "admin"))).newPage();

  await test.step("an admin pastes the kubeconfig, by keyboard alone, and sees what was found", async () => {
    await admin.goto(routes.targets);
    await press(admin, admin.getByRole("link", { name: "Add a cluster" }), "Enter");
    await reach(admin, admin.getByLabel("Name"));
    await admin.keyboard.type(cluster);
    await reach(admin, admin.getByRole("textbox", { name: "Kubeconfig" }));
    await admin.keyboard.insertText(relay.kubeconfig);
    await reach(admin, admin.getByLabel("Image prefix"));
    await admin.keyboard.type(place.imagePrefix);
    await press(admin, admin.getByRole("button", { name: "Register and check" }), "Enter");
    await expect(admin.getByRole("heading", { level: 1, name: cluster })).toBeVisible();
    await expect(seen(admin, "Everything that a deployment needs is there")).toBeVisible({ timeout: 60_000 });
    await expectAccessible(admin, "a cluster");
  });

  await test.step("a member fills the form in for it, and the engine says what it would make there", async () => {
    await page.goto(routes.newDeployment);
    await page.getByLabel("Name", { exact: true }).fill(kept);
    await page.getByRole("radio", { name: cluster }).check();
    await page.getByRole("radio", { name: /^Sentiment and entities/ }).check();
    await page.getByLabel("Scales on").selectOption("none");
    await page.getByLabel("Replicas", { exact: true }).fill("2");
    await page.getByRole("textbox", { name: "Processor" }).fill("50m");
    await page.getByRole("textbox", { name: "Memory" }).fill("256Mi");
    const plan = page.getByRole("region", { name: "What will be created" });
    const planned = await plan.getByRole("list", { name: "Resources" }).getByRole("listitem").count();
    await page.getByRole("button", { name: `Preview on ${cluster}` }).click();
    await page
      .locator("summary")
      .filter({ hasText: `The engine says of ${cluster}` })
      .click();
    await expect(page.getByRole("list", { name: "Steps of the engine" }).getByRole("listitem")).toHaveCount(
      planned,
    );
    await expectAccessible(page, "the engine's preview");
    await page.getByRole("button", { name: "Create deployment" }).click();
  });
  // It is to be given up in the end; nothing is looked at until then.
  const { id: givenId } = await person.api.deploy({
    name: given,
    target: cluster,
    model: { preset: "sentiment" },
    scaling: { minReplicas: 1, metric: "none" },
    resources: { cpu: "20m", memory: "256Mi" },
  });

  await test.step("the timeline goes through every stage, and each object is made", async () => {
    await expect(page.getByRole("heading", { level: 1, name: kept })).toBeVisible();
    await expect(page.getByRole("article", { name: "Deploy, succeeded" })).toBeVisible({ timeout: 180_000 });
    await expect(page.getByRole("list", { name: "Stages" }).getByRole("listitem")).toHaveText(
      ["Queued", "Planning", "Creating", "Starting replicas", "Health", "First answer"].map(
        (stage) => new RegExp(`^${stage}: done`),
      ),
    );
    const made = page.getByRole("list", { name: "Resources" }).getByRole("listitem");
    await expect(made.filter({ hasText: "created" })).toHaveCount(await made.count());
    const other = await person.api.until(givenId, ({ status }) => /ready|failed/.test(status), 180);
    expect(other).toMatchObject({ status: "ready", statusMessage: null });
  });
  const deployment = await person.api.get(kept);
  const { id } = deployment;
  let key = "";
  const inNamespace = (rest: string) => `/api/v1/namespaces/${namespaceOf(id)}/${rest}`;

  await test.step("it is in the list, with its cluster and its address", async () => {
    await page.goto(routes.dashboard);
    const row = page.locator("tbody tr").filter({ hasText: kept });
    await expect(row).toContainText("Ready");
    await expect(row).toContainText(cluster);
    await expect(row).toContainText(deployment.endpoint!.url);
    await row.getByRole("link", { name: kept }).click();
  });

  await test.step("the overview shows pods, nodes and the way of a request, and the examples work as pasted", async () => {
    const balancer = page.getByRole("region", { name: "Load balancer and variants" });
    await expect(balancer).toContainText("HAProxy in the namespace");
    await expect(balancer).toContainText(`${deployment.endpoint!.ip}:${deployment.endpoint!.port}`);
    const rows = replicas(page);
    await expect(rows).toHaveText([/^main\/1readymodel-main-/, /^main\/2readymodel-main-/]);
    await page.getByRole("button", { name: "Create a key" }).click();
    await expect(seen(page, "Your new key, shown this once")).toBeVisible();
    key = (await seen(page, /^sle_\S{20,}$/).textContent()) ?? "";
    // By so many connections that each HAProxy pod has some.
    const statuses = () =>
      Promise.all(
        Array.from({ length: 8 }, async () => {
          const answer = await person.api.predict(deployment, { text: "good" }, key);
          await answer.arrayBuffer();
          return answer.status;
        }),
      );
    await expect.poll(async () => new Set(await statuses()), { timeout: 15_000 }).toEqual(new Set([200]));
    await pasteSnippets(page);
    await expect(page.getByRole("log", { name: "Replica logs" })).toContainText('"event":"listening"');
    await expectAccessible(page, "the overview of a deployment on a cluster");
  });

  await test.step("the test console says which pod answered", async () => {
    await tab(page, "Test");
    await page.getByRole("button", { name: "Send" }).click();
    await expect(page.getByLabel("Answer body")).toContainText('"positive"');
    await expect(seen(page, /^model-main-/).first()).toBeVisible();
  });

  await test.step("a revoked key opens nothing any more", async () => {
    await tab(page, "Overview");
    const status = async () => (await person.api.predict(deployment, { text: "good" }, key)).status;
    await expect.poll(status, { timeout: 15_000 }).toBe(200);
    await page.getByRole("button", { name: "Revoke key 1" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect.poll(status, { timeout: 15_000 }).toBe(401);
  });

  await test.step("settings: a canary and one replica fewer are shown before they are made, also by the engine", async () => {
    await tab(page, "Settings");
    await page.getByLabel("Replicas", { exact: true }).fill("1");
    await page.getByRole("button", { name: "Add a variant" }).click();
    const canary = page.getByRole("group", { name: "Variant canary" });
    await canary.getByLabel("Weight").fill("25");
    await canary.getByLabel("Scales on").selectOption("none");
    await canary.getByLabel("Replicas", { exact: true }).fill("1");
    await canary.getByRole("textbox", { name: "Processor" }).fill("20m");
    await canary.getByRole("textbox", { name: "Memory" }).fill("256Mi");
    await page.getByRole("button", { name: "Review changes" }).click();
    const dialog = page.getByRole("dialog", { name: "What will change" });
    await expect(dialog.getByRole("list", { name: "Settings" })).toContainText(/2.*→.*1/);
    await expect(dialog.getByRole("list", { name: "Resources" })).toContainText("is created");
    await expect(dialog.locator("summary")).toContainText(/The engine says of .*\d to create/, {
      timeout: 60_000,
    });
    await expectAccessible(page, "what will change on a cluster");
    await dialog.getByRole("button", { name: "Apply changes" }).click();
    await expect(page.getByRole("article").first()).toHaveAccessibleName("Change, succeeded", {
      timeout: 120_000,
    });
    await tab(page, "Overview");
    await expect(page.getByRole("list", { name: "Variants" })).toContainText("weight 25 · 20 %");
    await expect(replicas(page)).toHaveText([/^canary\/1readymodel-canary-/, /^main\/[12]readymodel-main-/], {
      timeout: 60_000,
    });
  });

  await test.step("what was deleted by hand is seen and put right, by keyboard alone", async () => {
    const drift = page.getByRole("region", { name: "What is and what should be" });
    const deleted = await askApi(place.admin, inNamespace("services/model-main"), { method: "DELETE" });
    expect(deleted.status).toBe(200);
    await press(page, drift.getByRole("button", { name: "Look again" }), "Enter");
    await expect(drift.getByRole("listitem")).toHaveText([/^Service\s*model-main\s*It was deleted/], {
      timeout: 60_000,
    });
    await expectAccessible(page, "drift");
    await press(page, drift.getByRole("button", { name: "Put it right" }), "Enter");
    await expect(drift.getByRole("listitem")).toHaveCount(0, { timeout: 120_000 });
    await press(page, drift.getByRole("button", { name: "Look again" }), "Enter");
    await expect(drift).toContainText("In line", { timeout: 60_000 });
    expect((await askApi(place.admin, inNamespace("services/model-main"))).status).toBe(200);
  });

  await test.step("tear-down asks for the name, and nothing is left", async () => {
    await page.getByRole("button", { name: "Tear down" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(`Type ${kept} to confirm`).fill(kept);
    await dialog.getByRole("button", { name: "Tear down" }).click();
    await expect(page.getByRole("article", { name: "Tear-down, succeeded" })).toBeVisible({
      timeout: 180_000,
    });
    await tab(page, "Receipt");
    await expect(receipt(page).getByRole("heading", { name: "Still there: nothing" })).toBeVisible();
    const { receipt: rows } = await person.api.get(id);
    await expect(
      receipt(page).getByRole("heading", { name: `Deleted: ${rows?.created.length}` }),
    ).toBeVisible();
    expect((await askApi(place.admin, `/api/v1/namespaces/${namespaceOf(id)}`)).status).toBe(404);
    await expectAccessible(page, "the receipt of a deployment on a cluster");
  });

  await test.step("the cluster is out of reach: a tear-down says so", async () => {
    await relay.cut();
    await page.goto(routes.deployment(givenId));
    await page.getByRole("button", { name: "Tear down" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(`Type ${given} to confirm`).fill(given);
    await dialog.getByRole("button", { name: "Tear down" }).click();
    await expect(page.getByRole("article", { name: "Tear-down, failed" })).toBeVisible({ timeout: 120_000 });
    await expect(seen(page, "target_unreachable", { exact: true }).first()).toBeVisible();
    await expectAccessible(page, "a tear-down that failed");
  });

  await test.step("it is forgotten, by keyboard alone, and its receipt lists what stays", async () => {
    await press(page, page.getByRole("button", { name: "Forget it" }), "Enter", "back");
    await expect(page.getByLabel(`Type ${given} to confirm`)).toBeFocused();
    await expectAccessible(page, "the dialog that forgets");
    await page.keyboard.type(given);
    await press(page, page.getByRole("dialog").getByRole("button", { name: "Forget it" }), "Space");
    await expect(receipt(page).getByRole("heading", { name: /^Still there: [1-9]/ })).toBeVisible();
    await expect(receipt(page)).toContainText(`kubectl delete namespace ${namespaceOf(givenId)}`);
    await expectAccessible(page, "the receipt of what was forgotten");
    // What the receipt says is true, and done.
    const stays = `/api/v1/namespaces/${namespaceOf(givenId)}`;
    expect((await askApi(place.admin, stays)).status).toBe(200);
    expect((await askApi(place.admin, stays, { method: "DELETE" })).status).toBe(200);
  });

  await test.step("the cluster, with nothing on it any more, is removed", async () => {
    await admin.goto(routes.targets);
    await admin.getByRole("link", { name: cluster }).click();
    await admin.getByRole("button", { name: "Remove this cluster" }).click();
    await admin.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await expect(seen(admin, `${cluster} is removed.`)).toBeVisible();
  });
});

async function tab(page: Page, title: string) {
  const link = page.getByRole("navigation", { name: "Deployment" }).getByRole("link", { name: title });
  await link.click();
  await expect(link).toHaveAttribute("aria-current", "page");
}

function replicas(page: Page): Locator {
  return page.getByRole("region", { name: "Replicas" }).locator("tbody tr");
}

function receipt(page: Page): Locator {
  return page.getByRole("article", { name: "Receipt" });
}
