import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { dump } from "#e2e/portal/database.ts";
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

/** Fills the form in as an admin does, and sends it. */
async function register(page: Page, name: string, kubeconfig: string): Promise<void> {
  await page.goto(routes.newTarget);
  await page.getByLabel("Name").fill(name);
  await page.getByRole("textbox", { name: "Kubeconfig" }).fill(kubeconfig);
  await page.getByRole("button", { name: "Register and check" }).click();
}

/** The cluster itself has it all; whether the engine's plugin is there too depends on where the tests run. */
const foundWell = /Everything that a deployment needs is there|Nothing can be deployed there yet: Pulumi/;
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });
const finding = (page: Page, title: string) =>
  page.getByRole("region", { name: "What was found" }).getByRole("listitem").filter({ hasText: title });

test("an admin registers a cluster, sees what was found, replaces its kubeconfig, and removes it", async ({
  people,
  enter,
}) => {
  test.setTimeout(180_000);
  const admin = await people.of("targets-admin", "admin");
  const page = await (await enter(admin)).newPage();
  const name = `cluster-${randomUUID().slice(0, 6)}`;
  await page.goto(routes.targets);
  await page.getByRole("link", { name: "Add a cluster" }).click();
  await expect(heading(page, "Add a cluster")).toBeVisible();

  // What isn't taken is told at its field, and what was typed stays.
  await page.getByLabel("Name").fill(name);
  const exec = cluster.kubeconfig({ user: { exec: { command: "aws", apiVersion: "v1" } } });
  const field = page.getByRole("textbox", { name: "Kubeconfig" });
  await field.fill(exec);
  await page.getByRole("button", { name: "Register and check" }).click();
  await expect(seen(page, /runs a program to sign in/)).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await page.locator("summary").filter({ hasText: "An account of Sluice’s own" }).click();
  await expectAccessible(page, "the form with a problem");

  // A file that can't be one is told too, until something is typed.
  await page.getByLabel("Kubeconfig file").setInputFiles({
    name: "disk.img",
    mimeType: "application/octet-stream",
    buffer: Buffer.alloc(2 * 1024 * 1024),
  });
  await expect(seen(page, "disk.img is too large to be a kubeconfig.")).toBeVisible();
  await field.press("End");
  await field.press("Space");
  await expect(seen(page, /is too large/)).toHaveCount(0);

  // From a file.
  await page.getByLabel("Kubeconfig file").setInputFiles({
    name: "kubeconfig.yaml",
    mimeType: "application/yaml",
    buffer: Buffer.from(cluster.kubeconfig()),
  });
  await expect(field).toHaveValue(/current-context: admin@fake/);
  await page.getByRole("button", { name: "Register and check" }).click();
  await expect(heading(page, name)).toBeVisible();
  await expect(seen(page, foundWell)).toBeVisible({ timeout: 30_000 });
  await expect(finding(page, "Version")).toContainText("v1.36.3");
  await expect(finding(page, "Gateway classes")).toContainText("traefik");
  await expect(finding(page, "Room")).toContainText("on 2 of 3 nodes");
  await expect(seen(page, "6.5 cores of 8 cores free")).toBeVisible();
  await page.locator("summary").filter({ hasText: "Rights, one by one" }).click();
  await expect(page.getByRole("table", { name: "Rights" }).getByText("pods/portforward")).toBeVisible();

  // Rights that are taken away, and a cluster that is gone, show after the next check.
  cluster.allows = ({ resource }) => resource !== "secrets";
  cluster.metrics = 404;
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(seen(page, "Sluice lacks 7 rights")).toBeVisible();
  await expect(finding(page, "Scaling")).toContainText("There is no metrics API");
  await expectAccessible(page, "a cluster that lacks rights");
  cluster.allows = () => true;

  // Another kubeconfig: refused where it leads elsewhere, taken where it doesn't.
  await page.locator("summary").filter({ hasText: "Replace it" }).click();
  const other = await fakeCluster();
  await field.fill(other.kubeconfig());
  await page.getByRole("button", { name: "Replace and check" }).click();
  await expect(seen(page, /Register it as a target of its own/)).toBeVisible();
  await other.close();
  cluster.token = `token-${randomUUID()}`;
  await field.fill(cluster.kubeconfig());
  await page.getByRole("button", { name: "Replace and check" }).click();
  await expect(field).toHaveValue("");
  await expect(seen(page, foundWell)).toBeVisible();

  await page.goto(routes.targets);
  await expect(page.getByRole("listitem").filter({ hasText: name })).toContainText("Ready");
  await expectAccessible(page, "the list");
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Remove this cluster" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(heading(page, "Targets")).toBeVisible();
  await expect(seen(page, `${name} is removed.`)).toBeVisible();
  await expect(page.getByRole("link", { name })).toHaveCount(0);
});

test("a cluster that doesn't take the credentials says so and what to do, on a phone too", async ({
  people,
  enter,
}) => {
  const admin = await people.of("targets-admin", "admin");
  const context = await enter(admin, { viewport: { width: 375, height: 740 }, colorScheme: "dark" });
  const page = await context.newPage();
  await register(page, `revoked-${randomUUID().slice(0, 6)}`, cluster.kubeconfig({ token: "revoked" }));
  await expect(seen(page, "The cluster answers, but doesn't take the credentials (401).")).toBeVisible({
    timeout: 30_000,
  });
  await expect(seen(page, /Make new ones and replace the kubeconfig/)).toBeVisible();
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sideways).toBe(0);
});

test.describe("as a member", () => {
  test.use({ expectedErrors: /404/ });

  test("one sees what a cluster offers, and neither its address nor how to change it", async ({
    page,
    person,
    people,
  }) => {
    const admin = await people.of("targets-admin", "admin");
    const name = `shared-${randomUUID().slice(0, 6)}`;
    const made = await admin.api.send<{ cluster: { id: string } }>("POST", "/targets", {
      name,
      kubeconfig: cluster.kubeconfig(),
    });
    expect(made.status).toBe(201);
    await page.goto(routes.targets);
    await expect(page.getByRole("link", { name: "Add a cluster" })).toHaveCount(0);
    await page.getByRole("link", { name }).click();
    await expect(seen(page, "What it offers")).toBeVisible({ timeout: 30_000 });
    await expect(seen(page, "HAProxy, or a Gateway of class traefik")).toBeVisible();
    await expect(seen(page, `127.0.0.1:${cluster.port}`, { exact: false })).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Check now" })).toHaveCount(0);
    await page.goto(routes.newTarget);
    await expect(seen(page, "There is nothing at this address")).toBeVisible();

    const read = await person.api.send("GET", `/targets/${name}`);
    expect(read.body).toMatchObject({ name, cluster: { state: "ready", detail: null } });
    for (const [method, route, body] of [
      ["POST", "/targets", { name: "mine", kubeconfig: cluster.kubeconfig() }],
      ["PATCH", `/targets/${name}`, { name: "mine" }],
      ["POST", `/targets/${name}/check`, undefined],
      ["DELETE", `/targets/${name}`, undefined],
    ] as const) {
      expect((await person.api.send(method, route, body)).status, `${method} ${route}`).toBe(403);
    }
    expect((await admin.api.send("DELETE", `/targets/${name}`)).status).toBe(200);
  });
});

test("the credentials of a kubeconfig are nowhere in the database, the data folder or an answer", async ({
  people,
}) => {
  const admin = await people.of("targets-admin", "admin");
  const name = `canary-${randomUUID().slice(0, 6)}`;
  const answers = [
    await admin.api.send("POST", "/targets", { name, kubeconfig: cluster.kubeconfig() }),
    await admin.api.send("PATCH", `/targets/${name}`, { kubeconfig: cluster.kubeconfig(), context: "gone" }),
  ];
  await expect
    .poll(async () => {
      const answer = await admin.api.send("GET", `/targets/${name}`);
      answers.push(answer);
      return (answer.body as { cluster: { state: string } }).cluster.state;
    })
    .toBe("ready");
  const places: [string, string][] = [
    ["answers", JSON.stringify(answers)],
    ["the database", await dump("databaseUrl")],
    ["the data folder", readFolder(process.env.SLUICE_TEST_HOME ?? "")],
  ];
  const forms = [
    cluster.token,
    Buffer.from(cluster.token).toString("hex"),
    Buffer.from(cluster.token).toString("base64").slice(0, -4),
  ];
  for (const [place, text] of places) {
    expect(text.length, place).toBeGreaterThan(1_000);
    for (const form of forms) expect(text.includes(form), place).toBe(false);
  }
  expect((await admin.api.send("DELETE", `/targets/${name}`)).status).toBe(200);
});

/** Every file as Latin-1, so that no byte is lost. */
function readFolder(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readGone(path.join(entry.parentPath, entry.name)))
    .join("\n");
}

/** Empty for what went away meanwhile. */
function readGone(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
