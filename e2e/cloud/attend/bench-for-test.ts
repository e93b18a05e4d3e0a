import { randomBytes } from "node:crypto";
import pino from "pino";
import { apiForTest } from "#e2e/cloud/api-for-test.ts";
import { owner, project } from "#e2e/cloud/google/google-for-test.ts";
import { clusters, makeNetwork, must } from "#e2e/cloud/google/graph-for-test.ts";
import { fakeCluster } from "#infra/clusters/fixtures/fake-cluster.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import { systemClock } from "#lib/clock.ts";
import { googleSpecForTest } from "#lib/deployments/google-spec-for-test.ts";
import type { GoogleSpec } from "#lib/deployments/google-spec.ts";
import type { Spec, StoredSpec } from "#lib/deployments/spec.ts";
import { newId } from "#lib/ids.ts";
import { parseSealingKey, seal } from "#lib/secrets/seal.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import type { ProjectSettings } from "#lib/targets/gke/project-settings.ts";
import { testDatabase } from "#prisma/test-database.ts";

/** Requests come to the variants by Google's load balancer alone. */
export function openToAll(): Pick<Spec, "endpoint" | "routing"> {
  const { endpoint, routing } = specForTest();
  return {
    endpoint: { ...endpoint, access: "open" },
    routing: { ...routing, algorithm: "round-robin" },
  };
}

/**
 * A database with a registered project of the model's, whose clusters all lead to one API server of the test's own. It
 * takes tokens of the model that live.
 */
export async function attendBench() {
  const database = await testDatabase();
  const cluster = await fakeCluster();
  const openCluster = () =>
    Promise.resolve({ endpoint: `127.0.0.1:${cluster.port}`, caCertificate: cluster.authority.certificate });
  const { google, ask, api } = await apiForTest({ surroundings: { openCluster } });
  cluster.takes = (token) => google.tokens.accountOf(token) !== null;
  const sealingKey = parseSealingKey(randomBytes(32).toString("base64"));
  const { db } = database;
  await db.user.create({ data: { id: "usr-1", name: "Ada", email: "ada@example.org" } });
  await makeNetwork(ask);
  const targetId = newId("tgt");
  const settings: ProjectSettings = {
    project,
    location: "us-central1-a",
    account: "key",
    nodeServiceAccount: null,
    imagePrefix: null,
    proxyImage: null,
  };
  const key = JSON.stringify(google.tokens.addServiceAccountKey(owner, project));
  await db.target.create({
    data: { id: targetId, name: "demo", kind: "gke", settings, credentials: seal(sealingKey, targetId, key) },
  });
  return {
    db,
    databaseUrl: database.url,
    google,
    ask,
    api,
    cluster,
    targetId,
    sealingKey,
    ctx: {
      db,
      clock: systemClock,
      log: pino({ level: "silent" }),
      sealingKey,
      googleEndpoint: google.url,
    },
    /** Makes a cluster at the model's. */
    async makeCluster(name: string) {
      const ipAllocationPolicy = {
        useIpAliases: true,
        clusterSecondaryRangeName: "pods",
        servicesSecondaryRangeName: "services",
      };
      const body = {
        name,
        network: `projects/${project}/global/networks/n`,
        subnetwork: `projects/${project}/regions/us-central1/subnetworks/s`,
        initialNodeCount: 1,
        ipAllocationPolicy,
      };
      await must(ask, "POST", clusters, { cluster: body });
    },
    async removeCluster(name: string) {
      await must(ask, "DELETE", `${clusters}/${name}`);
    },
    /** A deployment that was brought there and is ready, unless told. */
    async deployment(
      change: { spec?: Partial<StoredSpec>; google?: Partial<GoogleSpec>; status?: string } = {},
    ) {
      const { spec, google: ofGoogle, status = "ready" } = change;
      const id = newId("dep");
      const revisionId = newId("rev");
      const isThere = status === "ready" || status === "degraded";
      await db.deployment.create({
        data: {
          id,
          name: id,
          ownerId: "usr-1",
          target: "gke",
          targetId,
          status,
          revisionId,
          revisions: {
            create: {
              id: revisionId,
              number: 1,
              spec: { ...specForTest(), target: "gke", google: googleSpecForTest(ofGoogle), ...spec },
            },
          },
          ...(isThere && {
            operations: {
              create: {
                id: newId("op"),
                kind: "deploy",
                status: "succeeded",
                actorType: "user",
                revisionId,
                finishedAt: new Date(),
              },
            },
          }),
        },
      });
      return { id, clusterName: mainName(id) };
    },
    row: (id: string) => db.deployment.findUniqueOrThrow({ where: { id } }),
    async close() {
      await cluster.close();
      await google.close();
      await database.drop();
    },
  };
}

export type AttendBench = Awaited<ReturnType<typeof attendBench>>;
