import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  call,
  deploy,
  harness,
  makeDeployment,
  until,
  type Answer,
  type Harness,
} from "#infra/local-runtime/fixtures/harness.ts";
import type { EndpointState } from "#infra/local-runtime/protocol.ts";
import { listSamples } from "#lib/traffic/list-samples.ts";

let h: Harness;
beforeAll(async () => (h = await harness()));
afterAll(() => h.close());

const variantOf = ({ text }: Answer) => (JSON.parse(text) as { variant: string }).variant;
const replicaOf = ({ headers }: Answer) => String(headers["x-sluice-replica"]);

async function counted(url: string, requests: number, of: (answer: Answer) => string) {
  const seen = new Map<string, number>();
  for (let done = 0; done < requests; done += 20) {
    for (const answer of await Promise.all(Array.from({ length: 20 }, () => call(url)))) {
      seen.set(of(answer), (seen.get(of(answer)) ?? 0) + 1);
    }
  }
  return seen;
}

describe("an endpoint of layer 4", () => {
  it("shares connections as the weights say, and among replicas by the algorithm", async () => {
    const { id } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, {
      layer: 4,
      access: "open",
      algorithm: "round-robin",
      variants: { a: { weight: 70, scaling: { minReplicas: 2 } }, b: { weight: 30 } },
    });
    const seen = await counted(url, 400, (answer) => replicaOf(answer).replace(`${id}/`, ""));
    const [one = 0, two = 0, b = 0] = [seen.get("a/1"), seen.get("a/2"), seen.get("b/1")];
    expect(one + two + b).toBe(400);
    expect(Math.abs(one - two)).toBeLessThanOrEqual(1);
    // 4 standard deviations of 120 in 400.
    expect(Math.abs(b - 120)).toBeLessThan(4 * Math.sqrt(400 * 0.3 * 0.7));
  });

  it("keeps an address at its replica, and passes on what was sent as it is", async () => {
    const { id } = await makeDeployment(h.database);
    const variants = { a: { weight: 50, scaling: { minReplicas: 2 } }, b: { weight: 50 } };
    const affinity = { by: "ip" };
    const { url } = await deploy(h.client(), id, { layer: 4, access: "open", affinity, variants });
    expect((await counted(url, 40, replicaOf)).size).toBe(1);
    const answer = await call(url, { headers: { authorization: "Bearer mine" } });
    expect(JSON.parse(answer.text)).toMatchObject({ headers: { authorization: "Bearer mine" } });
    expect(answer.headers["x-request-id"]).toBeUndefined();
  });

  it("takes no replica that isn't healthy by HTTP", async () => {
    const { id } = await makeDeployment(h.database);
    const variants = { main: { scaling: { minReplicas: 2 } } };
    const { url } = await deploy(h.client(), id, { layer: 4, access: "open", variants });
    const hung = replicaOf(await call(`${url}/hang`));
    await until(async () => !(await counted(url, 20, replicaOf)).has(hung), 20_000);
  });

  it("has samples without figures of requests: not measured, which isn't none", async () => {
    const { id, ownerId } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, { layer: 4, access: "open" });
    await counted(url, 20, variantOf);
    const ctx = {
      db: h.database.db,
      clock: h.runtime.options.clock,
      actor: { type: "user" as const, id: ownerId, role: "member" as const },
    };
    // The first of them may be of the moment before the replica was ready.
    const sample = await until(
      async () =>
        (await listSamples(ctx, { deploymentId: id })).find(({ replicasReady }) => replicasReady === 1),
      20_000,
    );
    expect(sample).toMatchObject({ requests: null, errors: null, serverErrors: null, latencyP50Ms: null });
    expect(await h.database.db.requestRow.count({ where: { deploymentId: id } })).toBe(0);
  });

  it("is changed to layer 7 and back without a refused connection or a broken answer", async () => {
    const { id } = await makeDeployment(h.database);
    const { url, port } = await deploy(h.client(), id, {
      access: "open",
      affinity: { by: "cookie" },
      rules: [{ variant: "main", header: { name: "x-a", value: "1" } }],
    });
    const wrong: string[] = [];
    let over = false;
    const caller = (async () => {
      while (!over) {
        const answer = await call(url).catch((error: unknown) => ({ status: String(error) }));
        if (answer.status !== 200) wrong.push(String(answer.status));
      }
    })();
    const slow = call(`${url}/slow?ms=800`);
    const put = (layer: 4 | 7) =>
      h.client().send("PUT", `/deployments/${id}/endpoint`, { port, access: "open", layer });
    expect(((await put(4)) as EndpointState).url).toBe(url);
    await until(async () => (await call(url)).headers["x-request-id"] === undefined);
    expect((await slow).status).toBe(200);
    await put(7);
    await until(async () => (await call(url)).headers["x-request-id"] !== undefined);
    over = true;
    await caller;
    expect(wrong).toEqual([]);
  });
});
