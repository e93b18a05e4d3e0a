import { statSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  call,
  deploy,
  harness,
  makeDeployment,
  until,
  type Harness,
} from "#infra/local-runtime/fixtures/harness.ts";
import { haproxyFiles } from "#infra/local-runtime/haproxy/process.ts";
import { traffic } from "#lib/traffic/read.ts";

const sizeLimit = 8_192;

let h: Harness;
let id: string;
let ask: (times: number) => Promise<void>;
beforeEach(async () => {
  h = await harness({ requestLogSize: sizeLimit });
  ({ id } = await makeDeployment(h.database, "ready"));
  const { url } = await deploy(h.client(), id, { access: "open" });
  ask = async (times) => {
    for (let n = 0; n < times; n++) expect((await call(url)).status).toBe(200);
  };
});
afterEach(() => h.close());

const counted = async () => (await traffic(h.database.db, [id], new Date())).get(id)?.requests ?? 0;
const untilCounted = (requests: number) => until(async () => (await counted()) >= requests);
const logs = () => Object.values(haproxyFiles(h.runtime.folders).requestLogs);

it("counts on after HAProxy was started again, with the log that is there", async () => {
  await ask(10);
  await untilCounted(10);
  const [master = 0] = await h.runtime.balancer.pids();
  process.kill(master, "SIGKILL");
  await until(async () => {
    const [now] = await h.runtime.balancer.pids().catch(() => [master]);
    return now !== master;
  });
  await ask(10);
  await untilCounted(20);
  expect(await counted()).toBe(20);
});

it("counts each request once while its two files take turns, and these stay small on disk", async () => {
  const written = () => logs().map((file) => statSync(file).size);
  let asked = 0;
  // Both files were emptied and written again: each is longer than what it may hold.
  await until(async () => {
    await ask(20);
    asked += 20;
    await untilCounted(asked);
    return written().every((size) => size > 2 * sizeLimit);
  }, 60_000);
  expect(await counted()).toBe(asked);
  for (const file of logs()) expect(statSync(file).blocks * 512).toBeLessThan(3 * sizeLimit);
});
