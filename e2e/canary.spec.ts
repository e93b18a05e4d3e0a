import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { BrowserContext } from "@playwright/test";
import { dump } from "#e2e/portal/database.ts";
import { commandLines } from "#e2e/portal/machine.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";
import { routes } from "#lib/routes.ts";

test("a secret of the form is nowhere but in its replicas", async ({ page, context, person }) => {
  test.setTimeout(120_000);
  const secret = `canary-${randomUUID()}`;
  const name = "canary-holder";
  const answers = recordAnswers(context);

  await page.goto(routes.newDeployment);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.locator("summary").filter({ hasText: "Environment" }).click();
  await page.getByRole("button", { name: "Add a variable" }).click();
  const variable = page.getByRole("group", { name: "Variable 1" });
  await variable.getByLabel("Kind").selectOption("secret");
  await variable.getByLabel("Value").fill(secret);
  await variable.getByLabel("Name").fill("MODEL_TOKEN");
  await page.getByRole("button", { name: "Create deployment" }).click();
  const commands = new Set<string>();
  await expect
    .poll(
      async () => {
        for (const command of commandLines()) commands.add(command);
        return (await person.api.list()).map(({ status }) => status);
      },
      { timeout: 60_000, intervals: [100] },
    )
    .toEqual(["ready"]);
  const { id, operation } = await person.api.get(name);

  // Everything that shows or copies the spec.
  for (const address of [
    routes.deployment(id),
    routes.activity(id),
    routes.test(id),
    routes.settings(id),
    "/",
  ]) {
    await page.goto(address);
    await expect(seen(page, name).first()).toBeVisible();
  }
  await page.goto(routes.settings(id));
  await page.getByLabel("Replicas from").fill("2");
  await page.getByRole("button", { name: "Review changes" }).click();
  await page.getByRole("button", { name: "Apply changes" }).click();
  await expect(page.getByRole("article", { name: "Change, succeeded" })).toBeVisible({ timeout: 60_000 });
  await page.goto(routes.test(id));
  await page.getByRole("button", { name: "Send" }).click();
  await expect(seen(page, "Time split")).toBeVisible();
  for (const route of [
    `/deployments/${id}`,
    `/deployments/${id}/logs`,
    `/operations/${operation.id}/events`,
  ]) {
    answers.push(
      JSON.stringify((await person.api.send("GET", route, undefined, { accept: "application/json" })).body),
    );
  }

  expect(
    environmentsOf(id).filter((environment) => environment.includes(`MODEL_TOKEN=${secret}`)),
  ).toHaveLength(2);
  const places: [string, string[]][] = [
    ["what the portal answered", answers],
    ["the database", [await dump("databaseUrl")]],
    ["the engine's state", [await dump("statePortalUrl")]],
    ["process arguments", [...commands, ...commandLines()]],
  ];
  for (const [place, texts] of places) {
    expect(texts.join("").length, place).toBeGreaterThan(100);
    expect(
      texts.filter((text) => holds(Buffer.from(text), secret)),
      place,
    ).toEqual([]);
  }
  expect(filesWith(process.env.SLUICE_TEST_HOME ?? "", secret)).toEqual([]);
});

/** The body of every answer that pages of this context get. */
function recordAnswers(context: BrowserContext): string[] {
  const bodies: string[] = [];
  context.on("response", (response) => {
    // A stream and a redirect have no body to read.
    if (response.url().endsWith("/api/changes")) return;
    response.text().then(
      (text) => bodies.push(text),
      () => {},
    );
  });
  return bodies;
}

/** Plain, or as hexadecimal digits, or as base64 at any of its three alignments. */
function holds(bytes: Buffer, secret: string): boolean {
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from("x".repeat(shift) + secret)
      .toString("base64")
      .slice(4, -4),
  );
  return [secret, Buffer.from(secret).toString("hex"), ...base64].some((form) => bytes.includes(form));
}

function filesWith(folder: string, secret: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => holds(read(file), secret));
}

function environmentsOf(deploymentId: string): string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => read(`/proc/${pid}/environ`).toString())
    .filter((environment) => environment.includes(`SLUICE_REPLICA=${deploymentId}/`));
}

/** Empty for what went away meanwhile. */
function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
