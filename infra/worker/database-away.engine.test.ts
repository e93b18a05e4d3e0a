import net from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { workerBench, type Bench } from "#infra/worker/bench-for-test.ts";
import { openDb, type Db } from "#lib/db.ts";
import { listEvents } from "#lib/operations/list-events.ts";

vi.setConfig({ testTimeout: 180_000 });

let bench: Bench;
let wire: Awaited<ReturnType<typeof cuttableWire>>;
let db: Db;
beforeAll(async () => {
  bench = await workerBench();
  const { hostname, port } = new URL(bench.database.url);
  wire = await cuttableWire(hostname, Number(port));
  const url = Object.assign(new URL(bench.database.url), { host: `127.0.0.1:${wire.port}` }).href;
  db = openDb(url, 4);
  bench.start({ db, databaseUrl: url });
});
afterAll(async () => {
  await bench.stopWorkers();
  await db.$disconnect();
  await wire.close();
  await bench.close();
});

test("a worker lives through eleven seconds without its database, in the middle of an operation and idle", async () => {
  const deployment = await bench.deployment();
  const pool = `/deployments/${deployment.id}/pools/main`;
  bench.runtime.behave.set(`PUT ${pool}`, "wait");
  const operation = await bench.enqueue(deployment, "deploy");
  await bench.runtime.sawCall(pool);
  await wire.cutFor(11_000, () => {
    bench.runtime.behave.clear();
    bench.runtime.release();
  });
  expect(await bench.ended(operation)).toBe("succeeded");
  const events = await listEvents(bench.user, { operationId: operation });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  expect(events.filter(({ kind }) => kind === "resource_ended")).toHaveLength(4);

  await wire.cutFor(2_000);
  expect(await bench.ended(await bench.enqueue(deployment, "destroy"))).toBe("succeeded");
});

/** A way to the database that a test can cut: connections break, and new ones are refused. */
async function cuttableWire(host: string, port: number) {
  const sockets = new Set<net.Socket>();
  let isCut = false;
  const server = net.createServer((near) => {
    if (isCut) return void near.destroy();
    const far = net.connect(port, host);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    async cutFor(ms: number, meanwhile: () => void = () => {}) {
      isCut = true;
      for (const socket of sockets) socket.destroy();
      meanwhile();
      await new Promise((resolve) => setTimeout(resolve, ms));
      isCut = false;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
