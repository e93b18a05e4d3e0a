import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import type { Google } from "#e2e/cloud/google/serve.ts";
import { dump } from "#e2e/portal/database.ts";
import { expectAccessible } from "#e2e/portal/expect-accessible.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";
import { routes } from "#lib/routes.ts";

const nodes = "nodes@demo-proj.iam.gserviceaccount.com";
let google: Google;
test.beforeAll(async () => {
  const url = process.env.SLUICE_TEST_GOOGLE;
  if (!url) throw new Error("SLUICE_TEST_GOOGLE has to be the portal's SLUICE_GOOGLE_ENDPOINT.");
  ({ google } = await googleForTest({ port: Number(new URL(url).port) }));
  google.addServiceAccount(project, nodes);
  google.addServiceAccount(project, "1-compute@developer.gserviceaccount.com");
});
test.afterEach(() => {
  google.permissions.restore(owner);
  google.faults.clear();
  google.projects.get(project)!.services.add("compute.googleapis.com");
});
test.afterAll(() => google.close());

const keyFile = () => JSON.stringify(google.tokens.addServiceAccountKey(owner, project), null, 2);
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });
const part = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
/** Whether the engine's plugins are there too depends on where the tests run. */
const foundWell = /Everything that a deployment needs is there|Nothing can be deployed there yet: Pulumi/;

async function fill(page: Page, name: string, given: { key?: string; project?: string } = {}) {
  await page.goto(routes.newProject);
  await page.getByLabel("Name").fill(name);
  await page.getByRole("textbox", { name: "Project" }).fill(given.project ?? project);
  await page.getByRole("textbox", { name: "Location" }).fill("us-central1-a");
  await page.getByRole("textbox", { name: "Node service account" }).fill(nodes);
  await page.getByRole("textbox", { name: "Key" }).fill(given.key ?? keyFile());
}
const send = (page: Page) => page.getByRole("button", { name: "Register and check" }).click();

test("an admin registers a Google project, sees what was found and lacks, replaces its key, and removes it", async ({
  people,
  enter,
}) => {
  test.setTimeout(240_000);
  const admin = await people.of("google-admin", "admin");
  const page = await (await enter(admin)).newPage();
  const name = `google-${randomUUID().slice(0, 6)}`;
  await page.goto(routes.targets);
  await page.getByRole("link", { name: "Add a Google project" }).click();
  await expect(heading(page, "Add a Google project")).toBeVisible();

  // What isn't taken is told at its field, and what was typed stays.
  await fill(page, name, { key: JSON.stringify({ type: "authorized_user", client_id: "1" }) });
  await send(page);
  const field = page.getByRole("textbox", { name: "Key" });
  await expect(seen(page, /Credentials of type authorized_user aren't taken/)).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page, "the form with a problem");

  // From a file.
  const key = keyFile();
  await page.getByLabel("Key file", { exact: true }).setInputFiles({
    name: "key.json",
    mimeType: "application/json",
    buffer: Buffer.from(key),
  });
  await expect(field).toHaveValue(/"service_account"/);
  await send(page);
  await expect(heading(page, name)).toBeVisible();
  await expect(seen(page, foundWell)).toBeVisible({ timeout: 30_000 });
  await expect(part(page, "Project and accounts")).toContainText(owner);
  await expect(part(page, "What can be deployed")).toContainText("Can be made: the quotas leave room");
  await expect(part(page, "APIs")).toContainText("8 of 8 enabled");
  await expect(part(page, "Quotas")).toContainText("CPUs in us-central1");
  await page.locator("summary").filter({ hasText: "Machine types" }).click();
  await page.getByRole("textbox", { name: "Find a machine type" }).fill("n1-standard-1");
  await expect(page.getByRole("table", { name: "Machine types" })).toContainText("3.75 GiB");
  await page.locator("summary").filter({ hasText: "Rights, role by role" }).click();
  await expect(page.getByRole("table", { name: "Rights" })).toContainText("roles/compute.networkAdmin");
  await expectAccessible(page, "a project that is well");

  // A right and an API that are taken away show after the next check, with what to do.
  google.permissions.deny(owner, "compute.firewalls.create", "storage.*");
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(seen(page, "Sluice lacks 1 right in the project.")).toBeVisible({ timeout: 30_000 });
  await expect(part(page, "What is missing")).toContainText("compute.firewalls.create");
  await expect(part(page, "What is missing")).toContainText(
    `gcloud projects add-iam-policy-binding ${project} \\ --member=serviceAccount:${owner} \\ --role=roles/compute.securityAdmin`,
  );
  await expect(part(page, "What can be deployed")).toContainText("Sluice lacks the rights to make a bucket");
  await expectAccessible(page, "a project that lacks rights");
  google.permissions.restore(owner);
  google.projects.get(project)!.services.delete("compute.googleapis.com");
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(seen(page, "Not enabled in the project: Compute Engine API.")).toBeVisible({
    timeout: 30_000,
  });
  await expect(part(page, "APIs").getByRole("link", { name: /Enable it/ })).toHaveAttribute(
    "href",
    /console\.cloud\.google\.com\/apis\/library\/compute\.googleapis\.com/,
  );
  google.projects.get(project)!.services.add("compute.googleapis.com");

  // A key that Google took back is told of; another one takes its place.
  google.tokens.removeServiceAccountKey((JSON.parse(key) as { private_key_id: string }).private_key_id);
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(seen(page, /account_gone|key_refused/)).toBeVisible({ timeout: 30_000 });
  await page.locator("summary").filter({ hasText: "Replace them" }).click();
  const next = keyFile();
  await field.fill(next);
  await page.getByRole("button", { name: "Replace and check" }).click();
  await expect(field).toHaveValue("");
  await expect(seen(page, foundWell)).toBeVisible({ timeout: 30_000 });
  const stored = await dump("databaseUrl");
  for (const file of [key, next]) {
    const { private_key: secret } = JSON.parse(file) as { private_key: string };
    expect(stored).not.toContain(secret.split("\n")[1]);
  }

  await page.goto(routes.targets);
  await expect(page.getByRole("listitem").filter({ hasText: name })).toContainText("Ready");
  await expectAccessible(page, "the list");
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Remove this project" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(heading(page, "Targets")).toBeVisible();
  await expect(page.getByRole("link", { name })).toHaveCount(0);
});

test("another project's id says what to do, on a phone too, and a member isn't told whose account asks", async ({
  people,
  enter,
}) => {
  const admin = await people.of("google-admin", "admin");
  const context = await enter(admin, { viewport: { width: 375, height: 740 }, colorScheme: "dark" });
  const page = await context.newPage();
  const name = `other-${randomUUID().slice(0, 6)}`;
  await fill(page, name, { project: "other-proj" });
  await send(page);
  await expect(seen(page, /There is no project other-proj, or owner@demo-proj/)).toBeVisible({
    timeout: 30_000,
  });
  await expect(seen(page, /give the account the role Browser/)).toBeVisible();
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sideways).toBe(0);
  await expectAccessible(page, "a project that isn't there, on a phone");

  const member = await people.of("google-member");
  const theirs = await (await enter(member)).newPage();
  await theirs.goto(routes.targets);
  await theirs.getByRole("link", { name }).click();
  await expect(heading(theirs, name)).toBeVisible();
  await expect(seen(theirs, /Google doesn't let Sluice into this project now/)).toBeVisible();
  await expect(theirs.locator("body")).not.toContainText(owner);
  await expect(theirs.getByRole("button", { name: "Check now" })).toHaveCount(0);
  await expect(theirs.getByRole("link", { name: "Add a Google project" })).toHaveCount(0);

  await page.getByRole("button", { name: "Remove this project" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(heading(page, "Targets")).toBeVisible();
});
