import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  call,
  deploy,
  harness,
  makeDeployment,
  type Harness,
} from "#infra/local-runtime/fixtures/harness.ts";
import { isAlive, startTime } from "#infra/local-runtime/process-table.ts";
import type { Inventory } from "#infra/local-runtime/protocol.ts";

let runtime: Harness;
beforeAll(async () => (runtime = await harness()));
afterAll(() => runtime.close());

describe("the main job on this machine", () => {
  it("serves a model behind a key, and leaves nothing behind", async () => {
    const { id, key } = await makeDeployment(runtime.database);
    const client = runtime.client();
    const endpoint = await deploy(client, id, { env: [{ name: "GREETING", value: 'it\'s "fine"' }] });

    const answer = await call(`${endpoint.url}/x`, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(200);
    const seen = JSON.parse(answer.text) as { pid: number; replica: string; greeting: string };
    expect(seen).toMatchObject({ replica: `${id}/main/1`, greeting: 'it\'s "fine"' });
    expect(answer.headers["x-sluice-replica"]).toBe(`${id}/main/1`);

    const since = startTime(seen.pid) ?? "";
    const there = (await client.send("GET", `/deployments/${id}`)) as Inventory;
    expect(there.processes).toEqual([{ pid: seen.pid, what: "replica main/1" }]);
    expect(there.ports).toEqual([{ port: endpoint.port, what: "endpoint" }]);
    expect(there.files.length).toBeGreaterThan(2);

    const at = `/deployments/${id}`;
    for (const path of ["routes", "pools/main", "model-servers/main", "endpoint"]) {
      await client.send("DELETE", `${at}/${path}`);
      await client.send("DELETE", `${at}/${path}`);
    }
    expect(await client.send("DELETE", at)).toEqual({ processes: [], ports: [], files: [] });
    expect(isAlive({ pid: seen.pid, startTime: since })).toBe(false);
    await expect(call(endpoint.url)).rejects.toThrow(/ECONNREFUSED/);
  });
});
