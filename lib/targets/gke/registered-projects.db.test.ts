import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SealingContext } from "#lib/context.ts";
import { SluiceError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { changeTarget } from "#lib/targets/change-target.ts";
import { checkTarget } from "#lib/targets/check-target.ts";
import { getTarget } from "#lib/targets/get-target.ts";
import type { ProjectFindings } from "#lib/targets/gke/findings.ts";
import { projectFindingsForTest } from "#lib/targets/gke/findings-for-test.ts";
import { listTargets } from "#lib/targets/list-targets.ts";
import { loadPlaces } from "#lib/targets/load-places.ts";
import { openTarget } from "#lib/targets/open-target.ts";
import { findPlace } from "#lib/targets/place.ts";
import { recordFindings } from "#lib/targets/record-findings.ts";
import { registerTarget } from "#lib/targets/register-target.ts";
import { removeTarget } from "#lib/targets/remove-target.ts";
import { targetView } from "#lib/web/target-schemas.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import {
  googleEndpointForTest as googleEndpoint,
  keyForTest,
  privateKeyForTest,
} from "#lib/targets/gke/key-for-test.ts";

const nodes = "nodes@demo-proj.iam.gserviceaccount.com";
const secret = privateKeyForTest.split("\n")[1]!;
let portal: TestPortal;
let admin: SealingContext & { userId: string };
let member: SealingContext;

beforeAll(async () => {
  portal = await testPortal();
  admin = { ...(await portal.person("Ada", "admin")), googleEndpoint };
  member = await portal.person("Mo");
});
afterAll(() => portal.drop());
beforeEach(async () => {
  await portal.db.deployment.deleteMany();
  await portal.db.job.deleteMany();
  await portal.db.auditEntry.deleteMany();
  await portal.db.target.deleteMany();
});

const input = {
  kind: "gke",
  name: "google",
  project: "demo-proj",
  location: "us-central1-a",
  nodeServiceAccount: nodes,
};
const register = (change: object = {}) => registerTarget(admin, { ...input, key: keyForTest(), ...change });
const row = () => portal.db.target.findFirstOrThrow({ where: { removedAt: null } });
const audited = async () =>
  (await portal.db.auditEntry.findMany({ orderBy: { id: "asc" } })).map(({ action }) => action);
const problemsOf = (work: Promise<unknown>) =>
  work.then(
    () => [],
    (error: unknown) => {
      if (!(error instanceof SluiceError)) throw error;
      return error.fields.map(({ field, code, message }) => ({ field, code, message }));
    },
  );
async function find(change: Partial<ProjectFindings> = {}): Promise<void> {
  const { id: targetId, credentials } = await row();
  const findings = projectFindingsForTest(change);
  const at = portal.clock.now();
  expect(await recordFindings(portal.db, { targetId, credentials, clusterUid: null, findings, at })).toBe(
    true,
  );
}
async function deploy(spec: Prisma.InputJsonObject): Promise<void> {
  const { id: targetId } = await row();
  const id = newId("dep");
  await portal.db.deployment.create({
    data: { id, name: "reviews", ownerId: admin.userId, target: "gke", targetId, status: "ready" },
  });
  const data = { id: newId("rev"), deploymentId: id, number: 1, spec };
  const revision = await portal.db.revision.create({ data });
  await portal.db.deployment.update({ where: { id }, data: { revisionId: revision.id } });
}

test("an admin registers a project by its key: it is sealed, a check is asked for, and it isn't shown again", async () => {
  const view = await register({ imagePrefix: "registry.example.com/x/" });
  expect(view).toMatchObject({
    name: "google",
    kind: "gke",
    available: false,
    cluster: null,
    project: {
      state: "unchecked",
      checking: true,
      offers: null,
      imagePrefix: "registry.example.com/x",
      detail: {
        settings: {
          project: "demo-proj",
          location: "us-central1-a",
          account: "key",
          nodeServiceAccount: nodes,
        },
        deployments: 0,
        findings: null,
      },
    },
  });
  expect(targetView.parse(view)).toEqual(view);
  const stored = await row();
  expect(stored).toMatchObject({ server: null, contextName: null, clusterIdentifier: null });
  expect(JSON.stringify([stored, view, await listTargets(admin)])).not.toContain(secret);
  expect(await portal.db.job.findMany()).toMatchObject([{ kind: "target.check", subjectId: stored.id }]);
  expect(await audited()).toEqual(["target.register"]);
  expect(JSON.stringify(await portal.db.auditEntry.findMany({ select: { detail: true } }))).not.toContain(
    secret,
  );
  const opened = await openTarget({ ...portal, googleEndpoint }, stored.id);
  expect(opened).toMatchObject({
    kind: "gke",
    credentials: { privateKeyId: "k1", privateKey: privateKeyForTest },
  });
});

test("the worker's own account needs no key, and takes none beside it", async () => {
  await register({ key: undefined, account: "worker" });
  expect(await row()).toMatchObject({ credentials: null, settings: { account: "worker" } });
  await removeTarget(admin, "google");
  expect(await problemsOf(register({ account: "worker" }))).toMatchObject([
    { field: "key", code: "not_both" },
  ]);
  expect(await problemsOf(register({ key: "" }))).toMatchObject([{ field: "key", code: "missing_key" }]);
  expect(await problemsOf(register({ account: "yours" }))).toMatchObject([{ field: "account" }]);
});

test.each([
  ["no JSON", { key: "{" }, "key", "malformed"],
  ["a person's sign-in", { key: JSON.stringify({ type: "authorized_user" }) }, "key", "wrong_type"],
  ["another provider", { key: JSON.stringify({ type: "external_account" }) }, "key", "wrong_type"],
  [
    "tokens from elsewhere",
    { key: keyForTest({ token_uri: "https://evil.example/token" }) },
    "key",
    "foreign_endpoint",
  ],
  ["another cloud", { key: keyForTest({ universe_domain: "other.example" }) }, "key", "foreign_universe"],
  ["a broken key", { key: keyForTest({ private_key: "x" }) }, "key", "bad_key"],
  ["a project's title", { project: "My Project" }, "project", undefined],
  ["a project's number", { project: "123456789" }, "project", undefined],
  ["a country", { location: "USA" }, "location", undefined],
  ["a person as nodes", { nodeServiceAccount: "me@example.com" }, "nodeServiceAccount", undefined],
  ["a word of Sluice's as name", { name: "gke" }, "name", undefined],
  ["a cluster's field", { publicHost: "example.com" }, "publicHost", undefined],
])("%s is refused at its field, and nothing is stored", async (_what, change, field, code) => {
  const problems = await problemsOf(register(change));
  expect(problems).toMatchObject([{ field, ...(code && { code }) }]);
  expect(JSON.stringify(problems)).not.toContain(secret);
  expect(await portal.db.target.count()).toBe(0);
});

test("blanks around what was pasted are no part of it", async () => {
  await register({
    project: " demo-proj ",
    location: "us-central1-a\n",
    nodeServiceAccount: ` ${nodes}`,
    imagePrefix: "registry.example.com/x/ ",
    proxyImage: " registry.example.com/haproxy:2.8 ",
  });
  const kept = {
    project: "demo-proj",
    location: "us-central1-a",
    nodeServiceAccount: nodes,
    imagePrefix: "registry.example.com/x",
    proxyImage: "registry.example.com/haproxy:2.8",
  };
  expect((await row()).settings).toMatchObject(kept);
  await changeTarget(admin, "google", {
    location: "us-central1-a ",
    nodeServiceAccount: " ",
    proxyImage: " ",
  });
  expect((await row()).settings).toMatchObject({ ...kept, nodeServiceAccount: null, proxyImage: null });
});

test("the key is judged together with the rest: all that is wrong is told at once", async () => {
  const wrong = { project: "My Project", location: "USA" };
  for (const [key, code] of [
    ["", "missing_key"],
    ["{", "malformed"],
  ])
    expect(await problemsOf(register({ ...wrong, key }))).toMatchObject([
      { field: "project" },
      { field: "location" },
      { field: "key", code },
    ]);
  expect(await problemsOf(register({ ...wrong, key: 7 }))).toHaveLength(3);
  expect(await problemsOf(register({ ...wrong, account: "worker", key: undefined }))).toHaveLength(2);
});

test("another kind of target is no kind", async () => {
  expect(await problemsOf(register({ kind: "aws" }))).toContainEqual(
    expect.objectContaining({ field: "kind", message: "Write kubernetes or gke." }),
  );
});

test("only admins register, change, check and remove a project", async () => {
  await expect(
    registerTarget({ ...member, googleEndpoint }, { ...input, key: keyForTest() }),
  ).rejects.toMatchObject({
    code: "forbidden",
  });
  await register();
  for (const work of [
    changeTarget(member, "google", { name: "mine" }),
    checkTarget(member, "google"),
    removeTarget(member, "google"),
  ])
    await expect(work).rejects.toMatchObject({ code: "forbidden" });
});

test("settings change, project and location don't", async () => {
  await register();
  await portal.db.job.deleteMany();
  const view = await changeTarget(admin, "google", {
    name: "cloud",
    imagePrefix: "registry.example.com/y",
    location: "us-central1-a",
  });
  expect(view).toMatchObject({ name: "cloud", project: { imagePrefix: "registry.example.com/y" } });
  expect(await portal.db.job.count()).toBe(0);
  await changeTarget(admin, "cloud", { nodeServiceAccount: "" });
  expect((await row()).settings).toMatchObject({ nodeServiceAccount: null });
  // What is found depends on whom nodes act as.
  expect(await portal.db.job.count()).toBe(1);
  expect(
    await problemsOf(changeTarget(admin, "cloud", { project: "other-proj", location: "europe-west4" })),
  ).toMatchObject([
    { field: "project", code: "never_changes", message: expect.stringContaining("demo-proj") },
    { field: "location", code: "never_changes" },
  ]);
  expect(await audited()).toEqual(["target.register", "target.change", "target.change"]);
});

test("any other key takes the old one's place, or the worker's own account does", async () => {
  await register();
  await portal.db.job.deleteMany();
  const before = await row();
  const other = keyForTest({
    client_email: "other@other-proj.iam.gserviceaccount.com",
    project_id: "other-proj",
    private_key_id: "k2",
  });
  await changeTarget(admin, "google", { key: other });
  expect(await openTarget({ ...portal, googleEndpoint }, before.id)).toMatchObject({
    credentials: { privateKeyId: "k2" },
  });
  expect(await portal.db.job.count({ where: { status: "queued" } })).toBe(1);
  // What a check with the old one finds now is not so any more.
  const late = { targetId: before.id, credentials: before.credentials, clusterUid: null, at: new Date() };
  expect(await recordFindings(portal.db, { ...late, findings: projectFindingsForTest() })).toBe(false);
  await changeTarget(admin, "google", { account: "worker" });
  expect(await row()).toMatchObject({ credentials: null, settings: { account: "worker" } });
  expect(await problemsOf(changeTarget(admin, "google", { account: "key" }))).toMatchObject([
    { field: "key", code: "missing_key" },
  ]);
  expect(await problemsOf(changeTarget(admin, "google", { account: "worker", key: other }))).toMatchObject([
    { field: "key", code: "not_both" },
  ]);
  await changeTarget(admin, "google", { account: "key", key: keyForTest() });
  expect((await row()).settings).toMatchObject({ account: "key" });
  // As a form sends it whose field was left empty.
  expect(await problemsOf(changeTarget(admin, "google", { account: "key", key: "" }))).toMatchObject([
    { field: "key", code: "missing_key" },
  ]);
  expect((await audited()).filter((action) => action === "target.replace_key")).toHaveLength(3);
});

test("what deployments there depend on can't be taken away, nor the project itself", async () => {
  await register({ imagePrefix: "registry.example.com/x" });
  await deploy({ google: { cluster: { mode: "own" } }, variants: [{ model: { preset: "sentiment" } }] });
  for (const field of ["nodeServiceAccount", "imagePrefix"])
    expect(await problemsOf(changeTarget(admin, "google", { [field]: "" }))).toMatchObject([
      { field, message: expect.stringContaining("reviews") },
    ]);
  await expect(removeTarget(admin, "google")).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("reviews is deployed there"),
  });
  await portal.db.deployment.updateMany({ data: { status: "destroyed" } });
  await changeTarget(admin, "google", { nodeServiceAccount: "" });
  await removeTarget(admin, "google");
  expect(await portal.db.target.findFirst()).toMatchObject({ credentials: null });
  await expect(getTarget(admin, "google")).rejects.toMatchObject({ code: "not_found" });
});

test("everybody sees what it offers, and who isn't an admin nothing else of what was found", async () => {
  await register({ imagePrefix: "registry.example.com/x" });
  await find();
  await portal.db.job.deleteMany();
  const view = await getTarget(member, "google");
  expect(view).toMatchObject({
    available: true,
    project: {
      state: "ready",
      detail: null,
      offers: {
        project: "demo-proj",
        region: "us-central1",
        zones: ["us-central1-a"],
        machineTypes: [{ name: "n1-standard-1", cpus: 1, memoryMb: 3840 }],
        ownClusterRefusal: null,
        staticContentRefusal: null,
      },
    },
  });
  expect(JSON.stringify(view)).not.toContain("sluice@demo-proj");
  expect((await getTarget(admin, "google")).project?.detail?.findings?.identity).toContain(
    "sluice@demo-proj",
  );
  const place = (await loadPlaces(member)).find(({ name }) => name === "google");
  expect(place).toMatchObject({
    kind: "gke",
    targetId: view.project!.id,
    refusal: null,
    offers: { imagePrefix: "registry.example.com/x", autoscaling: true, gatewayClasses: [] },
    project: { location: "us-central1-a" },
  });
});

test("a project in trouble takes nothing, and its reason tells everybody no account", async () => {
  await register();
  await find({
    trouble: { code: "project_unknown", message: "sluice@demo-proj may not see it.", todo: "", link: null },
  });
  const view = await getTarget(member, "google");
  expect(view).toMatchObject({ available: false, project: { state: "trouble", offers: null } });
  expect(view.reason).toContain("An admin sees on its page why.");
  expect(findPlace(await loadPlaces(member), "google")).toEqual({ field: "target", message: view.reason });
  expect((await getTarget(admin, "google")).project?.detail?.findings?.trouble?.message).toContain("sluice@");
  const toAdmin = findPlace(await loadPlaces(admin), "google");
  expect(toAdmin).toEqual({ field: "target", message: "sluice@demo-proj may not see it." });
});

test("all projects are one kind among the targets, which is named one by one", async () => {
  const kind = async () => (await listTargets(member)).find(({ name }) => name === "gke");
  expect(await kind()).toMatchObject({
    available: false,
    refusal: expect.stringContaining("No Google project is registered yet"),
  });
  const named = async () => findPlace(await loadPlaces(member), "gke");
  expect(await named()).toMatchObject({
    message: expect.stringContaining("No Google project is registered."),
  });
  await register();
  expect(await kind()).toMatchObject({
    available: false,
    reason: "None of the registered Google projects can be used now.",
  });
  await find();
  expect(await kind()).toMatchObject({ available: true, reason: null });
  expect(await named()).toMatchObject({ message: "Name the project: google." });
  // A cluster is another kind: none is registered.
  expect((await listTargets(member)).find(({ name }) => name === "kubernetes")).toMatchObject({
    available: false,
  });
});
