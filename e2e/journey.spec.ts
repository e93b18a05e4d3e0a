import type { Page } from "@playwright/test";
import { replicaProcesses, whatIsLeftOf } from "#e2e/portal/machine.ts";
import { signInLink } from "#e2e/portal/people.ts";
import { watchProgress } from "#e2e/portal/progress.ts";
import { pasteSnippets } from "#e2e/portal/paste-snippets.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";

const name = "journey-main";

test.use({ storageState: { cookies: [], origins: [] } });

test("from a sign-in link to a called model, a canary and a true receipt", async ({ page, person }) => {
  test.setTimeout(240_000);
  const progress = await watchProgress(page);

  await test.step("sign in by link: nothing is here yet, and the way in is shown", async () => {
    await page.goto(signInLink(person.email));
    await expect(seen(page, person.email)).toBeVisible();
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(seen(page, "Serve your first model")).toBeVisible();
    await page.getByRole("main").getByRole("link", { name: "New deployment" }).click();
  });

  await test.step("the form names what is wrong, shows what will be, and two clicks make one deployment", async () => {
    await expect(page.getByRole("radio", { name: /^Sentiment and entities/ })).toBeChecked();
    await expect(page.getByRole("radio", { name: /^Container image/ })).toBeDisabled();
    const field = page.getByLabel("Name", { exact: true });
    await field.fill("Not a name");
    await field.blur();
    await expect(
      seen(page, "Use lower-case letters, digits and hyphens", { exact: false }).first(),
    ).toBeVisible();
    await field.fill(name);
    const plan = page.getByRole("list", { name: "Resources" }).getByRole("listitem");
    await expect(plan).toHaveText([/^Endpoint/, /^Model server/, /^Pool/, /^Routes/]);
    await page.getByRole("button", { name: "Create deployment" }).dblclick();
  });

  await test.step("the timeline goes through every stage, and its bar never goes back", async () => {
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(page.getByRole("article", { name: "Deploy, succeeded" })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole("list", { name: "Stages" }).getByRole("listitem")).toHaveText(
      ["Queued", "Planning", "Creating", "Starting replicas", "Health", "First answer"].map(
        (stage) => new RegExp(`^${stage}: done.*\\d+(\\.\\d+)? m?s$`),
      ),
    );
    await expect(page.getByRole("list", { name: "Resources" }).getByRole("listitem")).toHaveText(
      Array.from({ length: 4 }, () => /created/),
    );
    const values = await progress();
    expect(values.length).toBeGreaterThan(1);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    await expect(seen(page, "Ready", { exact: true })).toBeVisible();
    expect((await person.api.list()).map((deployment) => deployment.name)).toEqual([name]);
  });

  const deployment = await person.api.get(name);
  const port = deployment.endpoint?.port ?? 0;

  await test.step("the overview shows the replica's own process, and its snippets work as pasted", async () => {
    await tab(page, "Overview");
    const [pid] = replicaProcesses(deployment.id);
    await expect(replicas(page)).toHaveText([new RegExp(`^main/1ready${pid}0`)]);
    await page.getByRole("button", { name: "Create a key" }).click();
    await expect(seen(page, "Your new key, shown this once")).toBeVisible();
    await pasteSnippets(page);
  });

  await test.step("the test console opens with a working example and says who answered, and where the time went", async () => {
    await tab(page, "Test");
    await page.getByRole("button", { name: "Send" }).click();
    await expect(fact(page, "Status")).toHaveText("200");
    await expect(fact(page, "Answered by")).toHaveText("main/1");
    await expect(page.getByLabel("Answer body")).toContainText('"positive"');
    const split = page.getByRole("figure").filter({ hasText: "Time split" });
    await expect(split.getByRole("term")).toHaveText(["Queue", "Connect", "Model", "Portal and transfer"]);
    await expect(split.getByRole("definition").nth(2)).toHaveText(/^(< )?[\d.]+ (ms|s)$/);
  });

  await test.step("settings: one replica more is shown before it is done", async () => {
    await tab(page, "Settings");
    await page.getByLabel("Replicas from").fill("2");
    const dialog = await review(page);
    await expect(dialog.getByRole("list", { name: "Settings" }).getByRole("listitem")).toHaveText([
      /1.*→.*2/,
    ]);
    await expect(dialog.getByRole("list", { name: "Resources" })).toContainText("is changed");
    await apply(page);
    await tab(page, "Overview");
    await expect(replicas(page)).toHaveText([/^main\/1ready/, /^main\/2ready/]);
    expect(replicaProcesses(deployment.id)).toHaveLength(2);
  });

  await test.step("settings: a canary gets its share", async () => {
    await tab(page, "Settings");
    await page.getByRole("button", { name: "Add a variant" }).click();
    const canary = page.getByRole("group", { name: "Variant canary" });
    await canary.getByLabel("Weight").fill("25");
    const dialog = await review(page);
    await expect(dialog.getByRole("list", { name: "Resources" })).toContainText("is created");
    const meanwhile = await person.api.send("PATCH", `/deployments/${deployment.id}`, { ttlMinutes: 600 });
    expect(meanwhile.status).toBe(200);
    await dialog.getByRole("button", { name: "Apply changes" }).click();
    await expect(seen(page, "Nothing was changed")).toBeVisible();
    await expect(seen(page, /^It was changed meanwhile by /)).toBeVisible();
    await expect((await review(page)).getByRole("list", { name: "Settings" })).not.toContainText(
      "Time to live",
    );
    await apply(page);
    expect((await person.api.get(deployment.id)).spec.ttlMinutes).toBe(600);
    await tab(page, "Overview");
    const variants = page.getByRole("list", { name: "Variants" });
    await expect(variants).toContainText("weight 100 · 80 %");
    await expect(variants).toContainText("weight 25 · 20 %");
    await expect(replicas(page)).toHaveText([/^canary\/1ready/, /^main\/1ready/, /^main\/2ready/]);
  });

  await test.step("tear-down asks for the name, and the receipt is true", async () => {
    const pids = replicaProcesses(deployment.id);
    expect(pids).toHaveLength(3);
    await page.getByRole("button", { name: "Tear down" }).click();
    const dialog = page.getByRole("dialog");
    const confirm = dialog.getByRole("button", { name: "Tear down" });
    await expect(confirm).toBeDisabled();
    await dialog.getByLabel(`Type ${name} to confirm`).fill(name.slice(0, -1));
    await expect(confirm).toBeDisabled();
    await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
    await confirm.click();
    await expect(page.getByRole("article", { name: "Tear-down, succeeded" })).toBeVisible({
      timeout: 60_000,
    });
    await tab(page, "Receipt");
    const receipt = page.getByRole("article", { name: "Receipt" });
    await expect(receipt.getByRole("heading", { name: "Still there: nothing" })).toBeVisible();
    expect(whatIsLeftOf(deployment, port)).toEqual([]);
    const { receipt: rows } = await person.api.get(deployment.id);
    await expect(receipt.getByRole("heading", { name: `Created: ${rows?.created.length}` })).toBeVisible();
    await expect(receipt.getByRole("heading", { name: `Deleted: ${rows?.created.length}` })).toBeVisible();
  });
});

async function tab(page: Page, title: string) {
  await page.getByRole("navigation", { name: "Deployment" }).getByRole("link", { name: title }).click();
  await expect(
    page.getByRole("navigation", { name: "Deployment" }).getByRole("link", { name: title }),
  ).toHaveAttribute("aria-current", "page");
}

function replicas(page: Page) {
  return page.getByRole("region", { name: "Replicas" }).locator("tbody tr");
}

function fact(page: Page, term: string) {
  return page
    .locator("dl > div")
    .filter({ has: seen(page, term, { exact: true }) })
    .getByRole("definition");
}

async function review(page: Page) {
  await page.getByRole("button", { name: "Review changes" }).click();
  const dialog = page.getByRole("dialog", { name: "What will change" });
  await expect(dialog).toBeVisible();
  return dialog;
}

async function apply(page: Page) {
  await page.getByRole("button", { name: "Apply changes" }).click();
  await expect(page.getByRole("article").first()).toHaveAccessibleName("Change, succeeded", {
    timeout: 60_000,
  });
}
