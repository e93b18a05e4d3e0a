import type { Page } from "@playwright/test";
import { expectAccessible } from "#e2e/portal/expect-accessible.ts";
import { whatIsLeftOf } from "#e2e/portal/machine.ts";
import { pasteSnippets } from "#e2e/portal/paste-snippets.ts";
import { seen } from "#e2e/portal/seen.ts";
import { expect, test } from "#e2e/portal/test.ts";
import { routes } from "#lib/routes.ts";
import { issuedChain } from "#lib/tls/issued-for-test.ts";

test("HTTPS by the form: the certificate is shown, and code that trusts it works as pasted", async ({
  page,
  person,
}) => {
  await page.goto(routes.newDeployment);
  await page.getByLabel("Name", { exact: true }).fill("tls-secure");
  await section(page, "Endpoint");
  await page.getByLabel("Protocol").selectOption({ label: "HTTPS, self-signed for trial" });
  await expect(page.getByRole("list", { name: "Resources" })).toContainText("HTTPS, self-signed");
  await create(page);

  const { spec, endpoint, id } = await person.api.get("tls-secure");
  expect(endpoint?.url).toMatch(/^https:\/\//);
  await page.goto(routes.deployment(id));
  const certificate = page.getByRole("region", { name: "Certificate" });
  await expect(certificate).toContainText("127.0.0.1, localhost");
  await expect(certificate).toContainText(spec.endpoint.tls.certificate?.fingerprint ?? "none");
  await expect(page.locator("body")).not.toContainText("PRIVATE KEY");

  await page.getByRole("button", { name: "Create a key" }).click();
  await expect(seen(page, "Your new key, shown this once")).toBeVisible();
  await pasteSnippets(page);

  await page.goto(routes.test(id));
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByLabel("Answer body")).toContainText('"positive"');

  const gone = await person.api.destroy(id);
  expect(gone.receipt?.remaining).toEqual([]);
  expect(whatIsLeftOf(gone, endpoint?.port ?? 0)).toEqual([]);
});

test("a given certificate that ends soon is spoken of, and its issuer's root is missed by nobody", async ({
  page,
  person,
}) => {
  const chain = await issuedChain("127.0.0.1", { now: new Date(), days: 10, isIntermediate: true });
  const tls = { mode: "given", certificate: chain.own + chain.issuer, key: chain.key };
  const input = { name: "tls-ends", target: "local", model: { preset: "sentiment" } };
  const { id } = await person.api.deploy({ ...input, endpoint: { access: "open", tls } });
  await person.api.until(id, ({ status }) => status === "ready");
  await page.goto(routes.deployment(id));
  await expect(seen(page, /^The endpoint’s certificate ends on \d{4}-\d\d-\d\d$/)).toBeVisible();
  await expectAccessible(page, "overview with a certificate that ends soon");
  await pasteSnippets(page);
  await page.getByRole("link", { name: "Open the settings" }).click();
  await expect(page).toHaveURL(routes.settings(id));
  await person.api.destroy(id);
});

test("layer 4 by the form: what it can't do is said at its field, and what it can't measure isn't zero", async ({
  page,
  person,
}) => {
  await page.goto(routes.newDeployment);
  await page.getByLabel("Name", { exact: true }).fill("tls-layer4");
  await section(page, "Balancing");
  await page
    .getByLabel("Load balancer", { exact: true })
    .selectOption({ label: "Layer 4: passes on connections" });
  await page.getByLabel("Sticky sessions").selectOption({ label: "By a cookie that the load balancer sets" });
  await page.getByRole("button", { name: "Create deployment" }).click();
  await expect(seen(page, "A key is in the request", { exact: false }).first()).toBeVisible();
  await expect(seen(page, "Sticking by cookie reads the request", { exact: false }).first()).toBeVisible();

  await page.getByLabel("Sticky sessions").selectOption({ label: "By the caller’s address" });
  await page.getByLabel("Access").selectOption({ label: "Open: no key" });
  await create(page);

  const deployment = await person.api.get("tls-layer4");
  expect(deployment.spec.routing.layer).toBe(4);
  expect(deployment.traffic).toMatchObject({ requests: null, errors: null, requestsPerSecond: null });
  const answer = await fetch(`${deployment.endpoint?.url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: "What a wonderful day." }),
  });
  expect(await answer.json()).toMatchObject({ sentiment: { label: "positive" } });

  await page.goto(routes.deployment(deployment.id));
  await expect(seen(page, "not measured by this load balancer", { exact: false }).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Requests per second" })).toHaveCount(0);
  await page.goto(routes.test(deployment.id));
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByLabel("Answer body")).toContainText('"positive"');
  await person.api.destroy(deployment.id);
});

async function section(page: Page, title: string) {
  await page.locator("summary").filter({ hasText: title }).click();
}

async function create(page: Page) {
  await page.getByRole("button", { name: "Create deployment" }).click();
  await expect(page.getByRole("article", { name: "Deploy, succeeded" })).toBeVisible({ timeout: 60_000 });
}
