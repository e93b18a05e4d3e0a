import { randomBytes } from "node:crypto";
import https from "node:https";
import type { AddressInfo } from "node:net";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stateDatabase } from "#infra/engine/state-database-for-test.ts";
import { onDatabase } from "#infra/postgres/connect.ts";
import { raiseStackFence } from "#infra/postgres/stack-fence.ts";
import { aftermathOf } from "#infra/worker/aftermath.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import { newId } from "#lib/ids.ts";
import { parseSealingKey, seal } from "#lib/secrets/seal.ts";
import { issuedChain } from "#lib/tls/issued-for-test.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

const now = new Date();
const sealingKey = parseSealingKey(randomBytes(32).toString("base64"));
const ownerId = newId("usr");
const newChain = (days?: number) => issuedChain("127.0.0.1", { now, ...(days && { days }) });

let database: TestDatabase;
let state: Awaited<ReturnType<typeof stateDatabase>>;
let ctx: WorkerContext;
const servers: https.Server[] = [];
beforeAll(async () => {
  database = await testDatabase();
  state = await stateDatabase();
  const log = pino({ level: "silent" });
  ctx = { db: database.db, sealingKey, log, statePortalUrl: state.url } as WorkerContext;
  await database.db.user.create({ data: { id: ownerId, name: "Ada", email: "ada@example.org" } });
});
afterAll(async () => {
  for (const server of servers) server.close().closeAllConnections();
  await database.drop();
  await state.drop();
});

/** Answers who comes with the key. */
async function serving(chain: { own: string; key: string }): Promise<number> {
  const server = https.createServer({ cert: chain.own, key: chain.key }, (request, response) => {
    response.writeHead(request.headers.authorization === "Bearer slp_probe" ? 200 : 401).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A deployment that served here, with this as its newest spec. */
async function deployment(port: number, certificate: string, spec: object): Promise<string> {
  const [id, revisionId] = [newId("dep"), newId("rev")];
  const endpoint: EndpointView = {
    url: `https://127.0.0.1:${port}`,
    ip: "127.0.0.1",
    port,
    access: "private",
    certificate,
  };
  const probeKey = seal(sealingKey, id, "slp_probe");
  const row = { id, name: id, ownerId, target: "local", status: "ready", revisionId, endpoint, probeKey };
  await database.db.deployment.create({ data: row });
  await database.db.revision.create({ data: { id: revisionId, deploymentId: id, number: 1, spec } });
  return id;
}

const given = (certificate: string) => {
  const tls = { mode: "given" as const, certificate, keyId: "sec-k" };
  return specForTest({ endpoint: { ...specForTest().endpoint, tls } });
};
const after = (deploymentId: string) => aftermathOf(ctx, { deploymentId, kind: "update" }, null);

test("a spec from before there were layers and certificates is read with today's defaults", async () => {
  const chain = await newChain();
  const port = await serving(chain);
  const { routing, endpoint, ...rest } = specForTest();
  const { layer: _layer, ...oldRouting } = routing;
  const { tls: _tls, redirectFrom: _from, ...oldEndpoint } = endpoint;
  const id = await deployment(port, chain.own, { ...rest, routing: oldRouting, endpoint: oldEndpoint });
  expect((await after(id)).answersAt).toMatchObject({ port, certificate: chain.own });
});

test("a change of the certificate that took hold before the rest failed: it serves with the new one", async () => {
  const [before, by] = [await newChain(), await newChain()];
  const port = await serving(by);
  const id = await deployment(port, before.own, given(by.own));
  expect((await after(id)).answersAt).toEqual({
    url: `https://127.0.0.1:${port}`,
    ip: "127.0.0.1",
    port,
    access: "private",
    certificate: by.own,
  });
  const otherPort = await serving(before);
  const unchanged = await deployment(otherPort, before.own, given(by.own));
  expect((await after(unchanged)).answersAt).toMatchObject({ port: otherPort, certificate: before.own });
  const stranger = await deployment(await serving(await newChain()), before.own, given(by.own));
  expect((await after(stranger)).answersAt).toBeNull();
});

test("an endpoint whose certificate has ended still serves", async () => {
  const ended = await newChain(-1);
  const id = await deployment(await serving(ended), ended.own, given(ended.own));
  expect((await after(id)).answersAt).toMatchObject({ certificate: ended.own });
});

test("what exists is what the engine's state has, and perhaps what it was making when it died", async () => {
  const chain = await newChain();
  const id = await deployment(1, chain.own, given(chain.own));
  expect((await after(id)).exists).toEqual({ made: [], perhaps: [] });
  const resource = (type: string, name: string) => ({
    type,
    urn: `urn:pulumi:${id}::sluice::${type}::${name}`,
  });
  const latest = {
    resources: [
      resource("pulumi:pulumi:Stack", id),
      resource("sluice:local:ModelServer", "main"),
      resource("sluice:local:Endpoint", "endpoint"),
    ],
    pending_operations: [{ type: "creating", resource: resource("sluice:local:Pool", "main") }],
  };
  const text = JSON.stringify({ version: 3, checkpoint: { stack: id, latest } });
  await raiseStackFence(state.url, id, 1);
  await onDatabase(state.url, async (client) => {
    await client.query("select set_config('sluice.fence', '1', false)");
    const data = JSON.stringify({ data: Buffer.from(text).toString("base64") });
    const key = `state/.pulumi/stacks/sluice/${id}.json`;
    await client.query("insert into pulumi_state (key, data) values ($1, $2)", [key, data]);
  });
  expect((await after(id)).exists).toEqual({
    made: ["Endpoint endpoint", "Model server main"],
    perhaps: ["Pool main"],
  });
  const unreadable = { ...ctx, statePortalUrl: "postgres://postgres@127.0.0.1:1/none" };
  expect((await aftermathOf(unreadable, { deploymentId: id, kind: "update" }, null)).exists).toBeNull();
});
