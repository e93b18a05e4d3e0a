import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { controlAt } from "#e2e/cloud/portal/control.ts";
import { location } from "#e2e/cloud/portal/make-cluster.ts";
import type { Place } from "#e2e/cluster/portal/place.ts";
import { expectAccessible } from "#e2e/portal/expect-accessible.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";
import { zipForTest } from "#lib/archives/zip-for-test.ts";
import { routes } from "#lib/routes.ts";
import { mainName, poolName } from "#lib/targets/gke/names.ts";

const place = JSON.parse(process.env.SLUICE_TEST_PLACE ?? "{}") as Place;
const run = randomUUID().slice(0, 6);
const target = `cloud-${run}`;
const name = `in-a-project-${run}`;
const projectId = `journey-${run}`;
const region = "us-central1";

const site = zipForTest([
  { name: "site/index.html", content: "<h1>Sentiment</h1>" },
  { name: "site/css/main.css", content: "h1 { color: teal }" },
]);
/** What Google says of nodes that it can't start. */
const badNodes = "Google Compute Engine: The zone has a bad moment.";
const disabledPage = `https://console.developers.google.com/apis/api/compute.googleapis.com/overview?project=${projectId}`;
const disabled = `Compute Engine API has not been used in project ${projectId} before or it is disabled. Enable it by visiting ${disabledPage} then retry.`;

test("a Google project registered, a deployment there that fails three times, is mended, called, changed and torn down", async ({
  page,
  person,
  people,
  enter,
}) => {
  test.setTimeout(500_000);
  const cloud = controlAt(place.cloud!);
  const project = await cloud.addProject(projectId);
  const admin = await (await enter(await people.of("cloud-journey-admin", "admin"))).newPage();

  await test.step("an admin registers the project by a key file, and sees what was found", async () => {
    await admin.goto(routes.targets);
    await admin.getByRole("link", { name: "Add a Google project" }).click();
    await admin.getByLabel("Name").fill(target);
    await admin.getByRole("textbox", { name: "Project" }).fill(projectId);
    await admin.getByRole("textbox", { name: "Location" }).fill(location);
    await admin.getByLabel("Key file", { exact: true }).setInputFiles({
      name: "key.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify(project.key)),
    });
    await expect(admin.getByRole("textbox", { name: "Key" })).toHaveValue(/"service_account"/);
    await admin.getByRole("textbox", { name: "Node service account" }).fill(project.nodes);
    await admin.getByRole("textbox", { name: "Image prefix" }).fill(place.imagePrefix);
    await admin.getByRole("button", { name: "Register and check" }).click();
    await expect(admin.getByRole("heading", { level: 1, name: target })).toBeVisible();
    await expect(seen(admin, "Everything that a deployment needs is there")).toBeVisible({ timeout: 60_000 });
    await expect(part(admin, "Project and accounts")).toContainText(project.owner);
    await expect(part(admin, "What can be deployed")).toContainText("Can be made: the quotas leave room");
  });

  await test.step("a member fills the form in for it: the plan, its price, and what the engine would make", async () => {
    await page.goto(routes.newDeployment);
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("radio", { name: target }).check();
    await expect(page.getByRole("radio", { name: /^A cluster of its own/ })).toBeChecked();
    await expect(page.getByRole("combobox", { name: "Machine type" })).toHaveValue("n1-standard-1");
    await page.getByRole("radio", { name: /^Sentiment and entities/ }).check();
    await page.getByLabel("Scales on").selectOption("none");
    await page.getByLabel("Replicas", { exact: true }).fill("1");
    await page.getByRole("textbox", { name: "Processor" }).fill("50m");
    await page.getByRole("textbox", { name: "Memory" }).fill("256Mi");
    await section(page, "Endpoint");
    await asksBeforeKeysAreSentInClear(page);
    expect((await person.api.send("GET", `/deployments/${name}`)).status).toBe(404);
    await page.getByLabel("Access").selectOption("open");
    await section(page, "Static files");
    const chooser = page.getByLabel("Choose a zip archive");
    await chooser.setInputFiles({ name: "site.txt", mimeType: "text/plain", buffer: site });
    await page.getByRole("button", { name: "Create deployment" }).click();
    await expect(chooser).toBeFocused();
    await expect(seen(page, /^site\.txt isn’t a zip archive/)).toBeVisible();
    await chooser.setInputFiles({ name: "site.zip", mimeType: "application/zip", buffer: site });
    await expect(page.getByRole("list", { name: "Files of site.zip" }).getByRole("listitem")).toHaveText([
      /^index\.html/,
      /^css\/main\.css/,
    ]);
    await expect(page.getByRole("textbox", { name: "Path prefix" })).toHaveValue("/static");
    await expect(seen(page, "Anyone on the internet can read these files, without a key.")).toBeVisible();

    const plan = part(page, "What will be created");
    await expect(plan).toContainText(`resources on ${target}`);
    await expect(plan).toContainText("Google’s load balancer");
    const price = page.getByRole("table", { name: "Price by the hour and by the month" });
    await expect(price).toContainText("n1-standard-1");
    await expect(price.getByRole("rowheader", { name: "In all" })).toBeVisible();
    await page.getByRole("button", { name: `Preview on ${target}` }).click();
    await page
      .locator("summary")
      .filter({ hasText: `The engine says of ${target}` })
      .click({ timeout: 60_000 });
    const planned = await plan
      .getByRole("list", { name: /^Resources/ })
      .getByRole("listitem")
      .count();
    await expect(page.getByRole("list", { name: "Steps of the engine" }).getByRole("listitem")).toHaveCount(
      planned,
    );
    await expectAccessible(page, "the form for a Google project");
    // Since all of that was looked at the project has been given less.
    await cloud.setQuota(projectId, region, "CPUS", 2);
    await page.getByRole("button", { name: "Create deployment" }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  });

  await test.step("the quota doesn’t suffice: which, asked and left, with what to do; nothing was made", async () => {
    await fails(page, 1, "quota_exceeded", "The project may not have so much.");
    await expect(seen(page, /^CPUs in us-central1.*: 3 asked, 2 left of 2\./)).toBeVisible();
    await expect(seen(page, /^Choose fewer or smaller nodes under Settings/)).toBeVisible();
    await expect(page.getByRole("link", { name: "Change the settings" })).toBeVisible();
    await expect(seen(page, "no address")).toBeVisible();
    await expectAccessible(page, "a failure of a deployment in a Google project");
    expect(await cloud.kept(projectId)).toEqual([]);
  });
  await cloud.setQuota(projectId, region, "CPUS", 24);
  const { id, spec } = await person.api.get(name);
  const { cluster } = spec.google!;
  if (cluster.mode !== "own") throw new Error(`Not a cluster of its own: ${JSON.stringify(cluster)}`);
  const pool = poolName({ ...cluster, network: null }, project.nodes);

  await test.step("its nodes can’t be made: Google’s words are told, and the address is reserved already", async () => {
    await cloud.failPool(pool, badNodes);
    await retry(page);
    await fails(page, 2, "nodes_failed", "Google couldn't make the nodes");
    await expect(page.getByRole("main")).toContainText(badNodes);
    await expect(seen(page, /^Retry: what came out wrong is made anew/)).toBeVisible();
    await expect(seen(page, /^http:\/\/203\.0\.113\.\d+$/)).toBeVisible();
    await cloud.mendPool(pool);
  });
  const { endpoint: reserved } = await person.api.get(id);

  await test.step("an API is disabled in the middle of it: which, with the page that enables it", async () => {
    const match = { method: "POST", path: `/projects/${projectId}/.*/forwardingRules$` };
    await cloud.refuse(match, { code: 403, reason: "accessNotConfigured", message: disabled });
    await retry(page);
    await fails(page, 3, "api_disabled", "An API isn't enabled in the project");
    await expect(page.getByRole("main")).toContainText(disabledPage);
    await expect(seen(page, /^Have an admin enable it on the page that the message names/)).toBeVisible();
  });

  await test.step("once more, and it is ready at the same address, with nothing made twice", async () => {
    await retry(page);
    const newest = page.getByRole("article").first();
    await expect(newest).toHaveAccessibleName("Deploy, succeeded", { timeout: 180_000 });
    await expect(newest.getByRole("list", { name: "Stages" }).getByRole("listitem")).toHaveText(
      ["Queued", "Planning", "Creating", "Starting replicas", "Health", "First answer"].map(
        (stage) => new RegExp(`^${stage}: done`),
      ),
    );
    const kept = await cloud.kept(projectId);
    for (const collection of ["networks", "addresses", "clusters", "nodePools", "forwardingRules"]) {
      expect(
        kept.filter((key) => key.split("/").at(-2) === collection),
        collection,
      ).toHaveLength(1);
    }
  });
  const deployment = await person.api.get(id);
  expect(deployment).toMatchObject({ status: "ready", statusCode: null, endpoint: { ip: reserved?.ip } });
  const { url, ip } = deployment.endpoint!;

  await test.step("it answers through its address, and so do the static files beside it", async () => {
    await tab(page, "Overview");
    const facts = part(page, "Google Cloud");
    await expect(facts).toContainText(projectId);
    await expect(facts).toContainText(mainName(id));
    await expect(facts).toContainText(ip);
    await expectAccessible(page, "the overview of a deployment in a Google project");
    await tab(page, "Test");
    await page.getByRole("button", { name: "Send" }).click();
    await expect(page.getByLabel("Answer body")).toContainText('"positive"');
    const answer = await person.api.predict(deployment, { text: "What a wonderful day." }, "");
    expect(answer.status).toBe(200);
    expect(JSON.stringify(await answer.json())).toContain('"positive"');
    const file = await fetch(`${url}/static/css/main.css`);
    expect([file.status, await file.text()]).toEqual([200, "h1 { color: teal }"]);
  });

  await test.step("other machines: what will change is shown, and the new nodes come before the old ones go", async () => {
    await tab(page, "Settings");
    await page.getByRole("combobox", { name: "Machine type" }).selectOption("e2-standard-2");
    await page.getByRole("button", { name: "Review changes" }).click();
    const dialog = page.getByRole("dialog", { name: "What will change" });
    await expect(dialog.getByRole("list", { name: "Settings" })).toContainText(
      /n1-standard-1.*→.*e2-standard-2/,
    );
    await expect(dialog.getByRole("list", { name: "Resources" })).toContainText(/Node pool/);
    await expect(dialog.locator("summary")).toContainText(/The engine says of .*\d/, { timeout: 60_000 });
    await expectAccessible(page, "what will change in a Google project");
    await dialog.getByRole("button", { name: "Apply changes" }).click();
    await expect(page.getByRole("article").first()).toHaveAccessibleName("Change, succeeded", {
      timeout: 120_000,
    });
    const asked = (await cloud.writes(projectId)).filter(({ path }) => path.includes("/nodePools"));
    expect(asked.slice(-2).map(({ method, status }) => [method, status])).toEqual([
      ["POST", 200],
      ["DELETE", 200],
    ]);
    const pools = (await cloud.kept(projectId)).filter((key) => key.split("/").at(-2) === "nodePools");
    expect(pools).toHaveLength(1);
    expect(await cloud.bodyOf(pools[0]!)).toMatchObject({ config: { machineType: "e2-standard-2" } });
    expect((await person.api.predict(deployment, { text: "Still there?" }, "")).status).toBe(200);
  });

  await test.step("tear-down asks for the name; its receipt and Google say that nothing is left", async () => {
    await tab(page, "Overview");
    await page.getByRole("button", { name: "Tear down" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
    await dialog.getByRole("button", { name: "Tear down" }).click();
    await expect(page.getByRole("article", { name: "Tear-down, succeeded" })).toBeVisible({
      timeout: 180_000,
    });
    await tab(page, "Receipt");
    const receipt = page.getByRole("article", { name: "Receipt" });
    await expect(receipt.getByRole("heading", { name: "Still there: nothing" })).toBeVisible();
    await expect(receipt).toContainText("nothing of it costs anything any more");
    const { receipt: rows } = await person.api.get(id);
    await expect(receipt.getByRole("heading", { name: `Deleted: ${rows?.deleted.length}` })).toBeVisible();
    expect(await cloud.kept(projectId)).toEqual([]);
    await expectAccessible(page, "the receipt of a deployment in a Google project");
  });
});

const part = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });

async function tab(page: Page, title: string) {
  const link = page.getByRole("navigation", { name: "Deployment" }).getByRole("link", { name: title });
  await link.click();
  await expect(link).toHaveAttribute("aria-current", "page");
}

/** Opens a section of the form. */
async function section(page: Page, title: string) {
  await page
    .locator("summary")
    .filter({ hasText: new RegExp(`^${title}`) })
    .click();
}

/** With keys and without HTTPS the form warns, and asks before anything is sent: one goes back. */
async function asksBeforeKeysAreSentInClear(page: Page) {
  await expect(page.getByLabel("Access")).toHaveValue("private");
  await expect(seen(page, "Keys are sent without HTTPS")).toBeVisible();
  await page.getByRole("button", { name: "Create deployment" }).click();
  const dialog = page.getByRole("dialog", { name: "Send keys without HTTPS?" });
  await expect(dialog).toContainText("anyone on the way can read the key and use it");
  await expectAccessible(page, "the question whether keys are sent without HTTPS");
  await dialog.getByRole("button", { name: "Go back" }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`${routes.newDeployment}$`));
}

async function retry(page: Page) {
  await page.getByRole("button", { name: "Retry", exact: true }).click();
}

/** Waits until so many attempts have failed, and the page says why: its code, and what the sentence begins with. */
async function fails(page: Page, attempts: number, code: string, first: string) {
  const operations = page.getByRole("list", { name: "Operations" }).locator(":scope > li");
  await expect(operations).toHaveCount(attempts);
  await expect(operations.first().getByRole("article")).toHaveAccessibleName("Deploy, failed", {
    timeout: 120_000,
  });
  await expect(seen(page, code, { exact: true }).first()).toBeVisible();
  await expect(seen(page, first).first()).toBeVisible();
}
