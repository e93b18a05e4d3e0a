import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { attendBench, type AttendBench } from "#e2e/cloud/attend/bench-for-test.ts";
import { setCertificate } from "#e2e/cloud/google/compute/ssl-certificate.ts";
import { project } from "#e2e/cloud/google/google-for-test.ts";
import { global, must } from "#e2e/cloud/google/graph-for-test.ts";
import { attendClusters } from "#infra/clusters/attend-clusters.ts";
import { resolverOf } from "#infra/clusters/domain/look-at-domain.ts";
import { deploymentForTest, podForTest } from "#infra/clusters/replicas/pods-for-test.ts";
import { watchReplicas } from "#infra/clusters/replicas/watch-clusters.ts";
import { clearDestroyed } from "#lib/operations/finish.ts";
import { certificateName } from "#lib/targets/gke/names.ts";

// What is kept of a domain until it answers: Google's certificate by the model, DNS and the answer by the test.

const domain = "model.example.com";
const ip = "203.0.113.7";
let bench: AttendBench;
let found: string[] | null;
let answers: boolean;
const loops: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  bench = await attendBench();
});
beforeEach(async () => {
  await bench.db.deployment.deleteMany();
  [found, answers] = [[], false];
});
afterEach(async () => {
  for (const loop of loops.splice(0)) await loop.stop();
});
afterAll(() => bench.close());

const outside = {
  resolve: () => Promise.resolve(found),
  answers: () => Promise.resolve(answers),
};

async function atDomain() {
  const made = await bench.deployment({ google: { domain } });
  const endpoint = { url: `https://${domain}`, ip, port: 443, access: "open" };
  await bench.db.deployment.update({ where: { id: made.id }, data: { endpoint } });
  const name = certificateName(made.id, [domain]);
  await must(bench.ask, "POST", `${global}/sslCertificates`, {
    name,
    type: "MANAGED",
    managed: { domains: [domain] },
  });
  return { ...made, certificate: name };
}

/** Looks anew, as a worker does that was started again: the next look of one that runs is half a minute away. */
async function look(id: string, until: (state: Record<string, unknown>) => boolean) {
  const loop = attendClusters(bench.ctx, { databaseUrl: bench.databaseUrl, outside });
  const state = await vi.waitUntil(
    async () => {
      const { domainState } = await bench.row(id);
      return domainState && until(domainState as Record<string, unknown>) ? domainState : null;
    },
    { timeout: 10_000 },
  );
  await loop.stop();
  return state;
}

test("until the domain answers the deployment is degraded, with what to set and what DNS says", async () => {
  const { id, clusterName, certificate } = await atDomain();
  const { lists } = bench.cluster;
  lists["/api/v1/pods"] = [podForTest(id, "pod-1")];
  lists["/apis/apps/v1/deployments"] = [deploymentForTest(id, 1)];
  lists["/apis/autoscaling/v2/horizontalpodautoscalers"] = [];
  await bench.makeCluster(clusterName);
  loops.push(
    watchReplicas(bench.ctx, { databaseUrl: bench.databaseUrl, timing: { everyMs: 10, staleMs: 1_000 } }),
  );
  expect(await look(id, () => true)).toMatchObject({
    domain,
    wanted: ip,
    found: [],
    certificate: "PROVISIONING",
    answers: false,
  });
  // Before its domain was looked at, it is degraded too, with less to say.
  await vi.waitUntil(async () => (await bench.row(id)).statusMessage?.includes("DNS"), { timeout: 10_000 });
  expect(await bench.row(id)).toMatchObject({
    statusCode: "certificate_pending",
    statusMessage: expect.stringContaining("DNS has none yet") as string,
    replicasReady: 1,
  });

  setCertificate(bench.google, project, certificate, "FAILED_NOT_VISIBLE");
  found = ["192.0.2.9"];
  await look(id, (state) => state.certificate === "FAILED_NOT_VISIBLE");
  await vi.waitUntil(async () => (await bench.row(id)).statusMessage?.includes("DNS says 192.0.2.9 now"), {
    timeout: 10_000,
  });

  setCertificate(bench.google, project, certificate, "ACTIVE");
  [found, answers] = [[ip], true];
  await look(id, (state) => state.answers === true);
  await vi.waitUntil(async () => (await bench.row(id)).status === "ready", { timeout: 10_000 });

  // That it doesn't answer just now has other reasons, as long as Google has the certificate.
  [found, answers] = [null, false];
  expect(await look(id, (state) => state.found === null)).toMatchObject({ answers: true });
}, 60_000);

test("with the domain what is known of it goes", async () => {
  const { id } = await atDomain();
  await look(id, () => true);
  const revision = await bench.db.revision.findFirstOrThrow({ where: { deploymentId: id } });
  const spec = revision.spec as { google: object };
  await bench.db.revision.update({
    where: { id: revision.id },
    data: { spec: { ...spec, google: { ...spec.google, domain: null } } },
  });
  loops.push(attendClusters(bench.ctx, { databaseUrl: bench.databaseUrl, outside }));
  await vi.waitUntil(async () => (await bench.row(id)).domainState === null, { timeout: 10_000 });
});

test("with the deployment what is known of its domain goes: its address may be somebody else's soon", async () => {
  const { id } = await atDomain();
  await look(id, () => true);
  await bench.db.deployment.update({ where: { id }, data: { status: "destroyed" } });
  await bench.db.$transaction((tx) => clearDestroyed(tx, id, new Date()));
  expect(await bench.row(id)).toMatchObject({ endpoint: null, domainState: null, measured: null });
});

test("a name without records isn't a resolver that can't be asked", async () => {
  const said: Record<string, string> = { "gone.example": "ENOTFOUND", "broken.example": "ESERVFAIL" };
  const resolve = resolverOf((name, kind) => {
    const code = said[name] ?? (kind === "AAAA" ? "ENODATA" : null);
    return code ? Promise.reject(Object.assign(new Error(code), { code })) : Promise.resolve([ip]);
  });
  expect(await resolve(domain)).toEqual([ip]);
  expect(await resolve("gone.example")).toEqual([]);
  expect(await resolve("broken.example")).toBeNull();
});
