import { readFile } from "node:fs/promises";
import path from "node:path";
import type { LiveDeployment } from "#e2e/portal/api.ts";
import { expect, test } from "#e2e/portal/test.ts";

const image = path.join(import.meta.dirname, "../public/samples/delivery-note.png");

test("replicas of the OCR model come under load and go after it, and no request fails", async ({
  page,
  person,
}) => {
  test.setTimeout(240_000);
  const deployment = await person.api.ready({
    name: "autoscale",
    target: "local",
    model: { preset: "ocr" },
    scaling: { minReplicas: 1, maxReplicas: 3 },
  });
  await page.goto(`/deployments/${deployment.id}`);
  const replicas = page.getByRole("region", { name: "Replicas" }).locator("tbody tr");
  const steps = page.getByRole("list", { name: "Scale steps" }).getByRole("listitem");
  await expect(replicas).toHaveText([/^main\/1ready/]);

  const load = new Load(deployment, person.api.key, await readFile(image), 8);
  await expect
    .poll(async () => (await person.api.get(deployment.id)).replicas.ready, { timeout: 40_000 })
    .toBe(3);
  await load.end();
  expect(load.statuses.filter((status) => status !== 200)).toEqual([]);
  expect(load.answeredBy.size).toBe(3);
  await expect(steps.last()).toHaveText(/^main 1 → \d: [\d.]+ requests in flight per replica, target 1/);
  await expect(replicas).toHaveCount(3);

  // It waits about half a minute for the load to come back before it lets any go.
  await expect(replicas).toHaveText([/^main\/1ready/], { timeout: 90_000 });
  await expect
    .poll(async () => (await person.api.get(deployment.id)).replicas)
    .toEqual({ desired: 1, ready: 1 });
  await expect(steps.first()).toHaveText(
    /^main \d → 1: at most [\d.]+ requests in flight per replica, target 1, for \d+ s/,
  );
});

/** So many callers, each with the next request as soon as it has its answer. */
class Load {
  readonly statuses: number[] = [];
  readonly answeredBy = new Set<string>();
  #going = true;
  readonly #callers: Promise<void>[];

  constructor(deployment: LiveDeployment, key: string, body: Buffer, callers: number) {
    this.#callers = Array.from({ length: callers }, async () => {
      while (this.#going) await this.#call(deployment, key, body);
    });
  }

  /** No new request; resolves when the last one is answered. */
  async end(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#callers);
  }

  async #call(deployment: LiveDeployment, key: string, body: Buffer): Promise<void> {
    const answer = await fetch(`${deployment.endpoint.url}/predict`, {
      method: "POST",
      headers: { "content-type": "image/png", authorization: `Bearer ${key}` },
      body: new Uint8Array(body),
    });
    await answer.arrayBuffer();
    this.statuses.push(answer.status);
    this.answeredBy.add(answer.headers.get("x-sluice-replica") ?? "nobody");
  }
}
