import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SealingContext } from "#lib/context.ts";
import { changeTarget } from "#lib/targets/change-target.ts";
import { checkTarget } from "#lib/targets/check-target.ts";
import { getTarget } from "#lib/targets/get-target.ts";
import { findingsForTest } from "#lib/targets/kubernetes/findings-for-test.ts";
import { nothingFound, type Findings } from "#lib/targets/kubernetes/findings.ts";
import { testAuthority, type Authority } from "#lib/targets/kubernetes/authority-for-test.ts";
import { kubeconfigText } from "#lib/targets/kubernetes/kubeconfig-for-test.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";
import { listTargets } from "#lib/targets/list-targets.ts";
import { openTarget } from "#lib/targets/open-target.ts";
import { recordFindings } from "#lib/targets/record-findings.ts";
import { registerTarget } from "#lib/targets/register-target.ts";
import { removeTarget } from "#lib/targets/remove-target.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";
import { targetView } from "#lib/web/target-schemas.ts";

const server = "https://203.0.113.7:6443";
let portal: TestPortal;
let authority: Authority;
let admin: SealingContext & { userId: string };
let member: SealingContext & { userId: string };

beforeAll(async () => {
  portal = await testPortal();
  authority = await testAuthority();
  admin = await portal.person("Ada", "admin");
  member = await portal.person("Grace");
});
beforeEach(async () => {
  await portal.db.deployment.deleteMany();
  await portal.db.target.deleteMany();
  await portal.db.job.deleteMany();
  await portal.db.auditEntry.deleteMany();
});
afterAll(() => portal.drop());

const kubeconfig = (token = "token-1", change: { server?: string; ca?: string } = {}) =>
  kubeconfigText({ server, ca: authority.certificate, user: { token }, ...change });
const register = (input: object = {}) =>
  registerTarget(admin, { name: "prod", kubeconfig: kubeconfig(), ...input });
const audited = async () =>
  (await portal.db.auditEntry.findMany({ orderBy: { id: "asc" } })).map((entry) => entry.action);
const row = () => portal.db.target.findFirstOrThrow({ where: { name: "prod" } });
async function openedKubeconfig(id: string): Promise<string> {
  const opened = await openTarget({ ...portal, googleEndpoint: null }, id);
  if (opened.kind !== "kubernetes") throw new Error("It isn't a cluster.");
  return opened.kubeconfig;
}
const problemsOf = (work: Promise<unknown>) =>
  work.then(
    () => "It was taken.",
    (error: { code: string; fields: object[] }) => ({ code: error.code, fields: error.fields }),
  );

const well = findingsForTest();
async function find(findings: Findings, clusterUid: string | null = "uid-1"): Promise<boolean> {
  const { id: targetId, credentials } = await row();
  return recordFindings(portal.db, {
    targetId,
    credentials,
    clusterUid,
    findings,
    at: portal.clock.now(),
  });
}

test("an admin registers a cluster: it is sealed, a check is asked for, and the audit knows", async () => {
  const view = await register({
    publicHost: " apps.example.org",
    imagePrefix: "registry.example.org/sluice/ ",
  });
  expect(view).toMatchObject({ name: "prod", kind: "kubernetes", available: false, checkedAt: null });
  expect(view.cluster).toMatchObject({ state: "unchecked", checking: true, offers: null });
  expect(view.cluster?.detail).toMatchObject({
    server,
    contextName: "admin@fake",
    settings: {
      publicHost: "apps.example.org",
      imagePrefix: "registry.example.org/sluice",
      proxyImage: null,
    },
    deployments: 0,
  });
  const { id, credentials: sealed } = await row();
  expect(id).toMatch(/^tgt-/);
  expect(sealed).not.toContain("token-1");
  expect(await portal.db.job.findMany()).toMatchObject([
    { kind: "target.check", subjectId: id, status: "queued", requestedById: admin.userId },
  ]);
  expect(await audited()).toEqual(["target.register"]);
  expect(parseKubeconfig(await openedKubeconfig(id), { now: new Date() }).credentials).toEqual({
    kind: "token",
    token: "token-1",
  });
});

test("a member may look, but not at the server, the rights and the nodes, and may change nothing", async () => {
  await register();
  await find(well);
  const mine = await getTarget(member, "prod");
  expect(mine.cluster).toMatchObject({
    state: "ready",
    detail: null,
    offers: {
      version: "v1.36.3",
      nodes: 1,
      largestPod: { cpuMillis: 2500, memoryBytes: 2 ** 32, gpus: 0 },
      gatewayClasses: ["traefik"],
      autoscaling: true,
      loadBalancers: false,
      imagePrefix: null,
    },
  });
  // The API's schema leaves nothing of it out.
  for (const view of [mine, await getTarget(admin, "prod")]) expect(targetView.parse(view)).toEqual(view);
  const text = JSON.stringify(await listTargets(member));
  expect(text).toContain("prod");
  for (const hidden of ["203.0.113.7", "node-of-somebody", "admin@fake", "token-1"])
    expect(text).not.toContain(hidden);
  for (const attempt of [
    registerTarget(member, { name: "mine", kubeconfig: kubeconfig() }),
    changeTarget(member, "prod", { name: "mine" }),
    checkTarget(member, "prod"),
    removeTarget(member, "prod"),
  ]) {
    await expect(attempt).rejects.toMatchObject({ code: "forbidden" });
  }
});

test.each([
  ["local", "This word"],
  ["kubernetes", "This word"],
  ["gke", "This word"],
  ["new", "This word"],
  ["Prod", "lower-case"],
  ["-a", "lower-case"],
  ["tgt-7k2m9x4q8w3v", "look like an id"],
])("the name %j isn't taken", async (name, words) => {
  await expect(register({ name })).rejects.toMatchObject({
    code: "invalid",
    fields: [expect.objectContaining({ field: "name", message: expect.stringContaining(words) as string })],
  });
});

test("what is wrong is told at its field, with its code", async () => {
  expect(await problemsOf(register({ publicHost: "https://a", imagePrefix: "UPPER:tag" }))).toMatchObject({
    code: "invalid",
    fields: [{ field: "publicHost" }, { field: "imagePrefix" }],
  });
  const exec = kubeconfigText({ server, ca: authority.certificate, user: { exec: { command: "aws" } } });
  expect(await problemsOf(register({ kubeconfig: exec }))).toMatchObject({
    code: "invalid",
    fields: [{ field: "kubeconfig", code: "exec" }],
  });
  // All at once: who mends a name must not hear only then of the kubeconfig.
  expect(await problemsOf(register({ name: "Prod", kubeconfig: exec }))).toMatchObject({
    fields: [{ field: "name" }, { field: "kubeconfig", code: "exec" }],
  });
  expect(await problemsOf(register({ name: "", kubeconfig: "" }))).toMatchObject({
    fields: expect.arrayContaining([
      expect.objectContaining({ field: "kubeconfig", message: "Paste a kubeconfig." }),
    ]) as object[],
  });
  expect(await problemsOf(register({ context: "gone" }))).toMatchObject({
    fields: [{ field: "context", code: "missing_context" }],
  });
  expect(await portal.db.target.count()).toBe(0);
});

test("a name is one cluster's until that is removed; several clusters may be there", async () => {
  await register();
  expect(await problemsOf(register())).toMatchObject({ code: "name_taken", fields: [{ field: "name" }] });
  await register({ name: "staging" });
  expect(await problemsOf(changeTarget(admin, "staging", { name: "prod" }))).toMatchObject({
    code: "name_taken",
  });
  expect((await listTargets(member)).map(({ name }) => name)).toEqual([
    "local",
    "kubernetes",
    "gke",
    "prod",
    "staging",
  ]);
  await removeTarget(admin, "prod");
  expect((await register()).name).toBe("prod");
});

test("settings change one by one, an empty one goes, and the audit says from what to what", async () => {
  await register({ publicHost: "a.example.org", imagePrefix: "registry.example.org" });
  const { id } = await row();
  expect((await changeTarget(admin, "prod", { publicHost: "" })).cluster?.detail?.settings).toEqual({
    publicHost: null,
    imagePrefix: "registry.example.org",
    proxyImage: null,
  });
  expect((await changeTarget(admin, id, { name: "main" })).name).toBe("main");
  await changeTarget(admin, "main", { name: "main", imagePrefix: "registry.example.org/" });
  expect(await audited()).toEqual(["target.register", "target.change", "target.change"]);
  expect((await portal.db.auditEntry.findMany({ orderBy: { id: "asc" } }))[1]!.detail).toEqual({
    publicHost: { from: "a.example.org", to: null },
  });
});

test("another kubeconfig of the same cluster takes the old one's place, and is checked", async () => {
  await register();
  const before = await row();
  await portal.db.job.deleteMany();
  await changeTarget(admin, "prod", { kubeconfig: kubeconfig("token-2") });
  const after = await row();
  expect(await openedKubeconfig(after.id)).toContain("token-2");
  expect(after.clusterIdentifier).toBe(before.clusterIdentifier);
  expect(await portal.db.job.count({ where: { status: "queued" } })).toBe(1);
  expect(await audited()).toEqual(["target.register", "target.replace_kubeconfig"]);
  // What a check with the old one finds now is not so any more.
  const late = { targetId: before.id, credentials: before.credentials, clusterUid: "u", at: new Date() };
  expect(await recordFindings(portal.db, { ...late, findings: well })).toBe(false);
});

test("a kubeconfig of another cluster is refused, with the reason, and nothing else changes either", async () => {
  await register();
  const other = await testAuthority("other");
  const elsewhere = kubeconfig("token-2", { server: "https://203.0.113.8:6443" });
  const anew = kubeconfig("token-2", { ca: other.certificate });
  for (const [sent, words] of [
    [elsewhere, "leads to https://203.0.113.8:6443"],
    [anew, "trusts another authority"],
  ] as const) {
    expect(await problemsOf(changeTarget(admin, "prod", { name: "moved", kubeconfig: sent }))).toEqual({
      code: "invalid",
      fields: [
        {
          field: "kubeconfig",
          code: "other_cluster",
          message: expect.stringContaining(words) as string,
        },
      ],
    });
  }
  expect(await openedKubeconfig((await row()).id)).toContain("token-1");
});

test("a check that is asked for twice is done once, and is over when something was found", async () => {
  await register();
  await checkTarget(admin, "prod");
  expect(await portal.db.job.count()).toBe(1);
  await portal.db.job.updateMany({ data: { status: "running", startedAt: portal.clock.now() } });
  expect((await checkTarget(admin, "prod")).cluster?.checking).toBe(true);
  expect(await portal.db.job.count()).toBe(2);
  await portal.db.job.deleteMany({ where: { status: "queued" } });
  await find(well);
  expect((await getTarget(admin, "prod")).cluster).toMatchObject({ checking: false, state: "ready" });
  expect((await row()).clusterUid).toBe("uid-1");
  await find(well, "uid-2");
  expect((await row()).clusterUid).toBe("uid-1");
});

test("what is in the way is said to everybody, in detail to admins", async () => {
  await register();
  const lacking = { group: "", resource: "pods/log", need: "always" as const, allowed: [], denied: ["get"] };
  await find({ ...well, rights: [lacking] });
  expect((await getTarget(member, "prod")).cluster).toMatchObject({
    state: "trouble",
    trouble: "Sluice lacks rights on this cluster. An admin sees on its page which.",
  });
  await find({ ...well, nodes: well.nodes!.map((node) => ({ ...node, closed: "cordoned" })) });
  expect((await getTarget(member, "prod")).cluster?.trouble).toContain("No node");
  await find(nothingFound({ code: "tls", message: "The certificate.", todo: "Do." }), null);
  expect((await getTarget(member, "prod")).cluster).toMatchObject({
    state: "trouble",
    trouble: "The certificate.",
    offers: null,
  });
  expect((await getTarget(member, "prod")).reason).toBe("The certificate.");
  expect(await getTarget(member, "kubernetes")).toMatchObject({ refusal: null, available: false });
  await find(well);
  expect(await getTarget(member, "prod")).toMatchObject({ available: true, reason: null });
  expect(await getTarget(member, "kubernetes")).toMatchObject({ available: true, reason: null });
});

test("a cluster with live deployments stays; without, it goes with its kubeconfig", async () => {
  await register();
  const { id } = await row();
  const deployment = {
    id: "dep-1",
    name: "chat",
    ownerId: member.userId,
    target: "kubernetes",
    targetId: id,
  };
  await portal.db.deployment.create({ data: { ...deployment, status: "ready" } });
  expect((await getTarget(admin, "prod")).cluster?.detail?.deployments).toBe(1);
  await expect(removeTarget(admin, "prod")).rejects.toMatchObject({
    code: "conflict",
    message: "chat is deployed there. Tear it down first.",
  });
  await portal.db.deployment.update({ where: { id: "dep-1" }, data: { status: "destroyed" } });
  await removeTarget(admin, "prod");
  expect(await portal.db.target.findUnique({ where: { id } })).toMatchObject({ credentials: null });
  expect(await portal.db.job.count()).toBe(0);
  await expect(openedKubeconfig(id)).rejects.toMatchObject({ code: "not_found" });
  await expect(getTarget(admin, "prod")).rejects.toMatchObject({ code: "not_found" });
  await expect(removeTarget(admin, "prod")).rejects.toMatchObject({ code: "not_found" });
  expect(await audited()).toEqual(["target.register", "target.remove"]);
});

test("the token of a kubeconfig is in no answer, no log and no row, whatever goes wrong", async () => {
  const canary = `canary-${randomUUID()}`;
  const answers: unknown[] = [
    await register({ kubeconfig: kubeconfig(canary) }),
    await problemsOf(register({ kubeconfig: kubeconfig(canary) })),
    await problemsOf(register({ name: "b", kubeconfig: `${kubeconfig(canary)}users: []` })),
    await problemsOf(register({ name: "c", kubeconfig: kubeconfig(`${canary} `.repeat(2)) })),
    await problemsOf(
      changeTarget(admin, "prod", { kubeconfig: kubeconfig(canary, { server: "https://a.example.org" }) }),
    ),
    await changeTarget(admin, "prod", { kubeconfig: kubeconfig(canary) }),
    await listTargets(admin),
    portal.logged,
  ];
  const tables = ["target", "job", "audit_entry"];
  for (const table of tables) {
    answers.push(await portal.db.$queryRawUnsafe(`select row_to_json(t)::text from ${table} t`));
  }
  const text = JSON.stringify(answers);
  expect(text.length).toBeGreaterThan(2_000);
  expect(text).not.toContain(canary);
  expect(text).not.toContain(Buffer.from(canary).toString("base64").slice(0, -4));
});
