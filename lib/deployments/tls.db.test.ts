import { createPrivateKey } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDeployment } from "#lib/deployments/create.ts";
import { previewDeployment } from "#lib/deployments/preview.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { unseal } from "#lib/secrets/seal.ts";
import { issuedChain } from "#lib/tls/issued-for-test.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
let chain: Awaited<ReturnType<typeof issuedChain>>;
beforeAll(async () => {
  portal = await testPortal();
  chain = await issuedChain("models.example.test", { now: portal.clock.now() });
});
afterAll(() => portal.drop());

const input = (name: string, tls: object, more: object = {}) => ({
  name,
  target: "local",
  model: { preset: "sentiment" },
  endpoint: { tls, ...more },
});
const given = () => ({ mode: "given", certificate: chain.own + chain.issuer, key: chain.key });

async function keysOf(deploymentId: string) {
  const rows = await portal.db.secret.findMany({ where: { deploymentId } });
  return rows.map((row) => ({ id: row.id, text: unseal(portal.sealingKey, deploymentId, row.sealed) }));
}

async function succeeded(deploymentId: string) {
  await portal.db.operation.updateMany({ where: { deploymentId }, data: { status: "succeeded" } });
}

/** Everything that is stored, as text. */
async function everything(): Promise<string> {
  const tables = await portal.db.$queryRaw<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public'`;
  const texts = await Promise.all(
    tables.map(({ name }) => portal.db.$queryRawUnsafe<unknown[]>(`select t::text from "${name}" t`)),
  );
  return JSON.stringify(texts);
}

describe("a self-signed certificate", () => {
  test("is made with the deployment, its key sealed, and stays through other changes", async () => {
    const ctx = { ...(await portal.person("Ada")), endpointHost: "10.1.2.3" };
    const made = await createDeployment(ctx, input("selfsigned", { mode: "self-signed" }));
    const { tls } = made.spec.endpoint;
    expect(tls.certificate?.names).toEqual(["10.1.2.3", "localhost", "127.0.0.1"]);
    const [key] = await keysOf(made.id);
    expect(key?.text).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(JSON.stringify(made)).not.toContain(key?.id);

    const changed = await updateDeployment(ctx, made.id, { endpoint: { access: "open" } });
    expect(changed.spec.endpoint).toMatchObject({ access: "open", tls });
    expect(await keysOf(made.id)).toEqual([key]);
    const plain = await updateDeployment(ctx, made.id, { endpoint: { tls: { mode: "none" } } });
    expect(plain.spec.endpoint.tls).toEqual({ mode: "none", certificate: null });
    await succeeded(made.id);
    await updateDeployment(ctx, made.id, { ttlMinutes: 60 });
    expect(await keysOf(made.id)).toEqual([]);
  });

  test("is made anew for another host, and nothing is changed where it still does", async () => {
    const ctx = { ...(await portal.person("Bob")), endpointHost: "10.1.2.3" };
    const made = await createDeployment(ctx, input("moved", { mode: "self-signed" }));
    const same = await updateDeployment(ctx, made.id, { endpoint: { tls: { mode: "self-signed" } } });
    expect(same.revision).toBe(1);
    const moved = { ...ctx, endpointHost: "models.example.test" };
    const renewed = await updateDeployment(moved, made.id, { endpoint: { tls: { mode: "self-signed" } } });
    expect(renewed.spec.endpoint.tls.certificate?.names).toContain("models.example.test");
  });
});

describe("a given certificate", () => {
  test("is stored with its key sealed, and a change without the key keeps it", async () => {
    const ctx = await portal.person("Eve");
    const made = await createDeployment(ctx, input("given", given(), { redirectFrom: 4911 }));
    expect(made.spec.endpoint).toMatchObject({
      redirectFrom: 4911,
      tls: { mode: "given", certificate: { subject: "CN=models.example.test", issuer: "CN=An authority" } },
    });
    const [key] = await keysOf(made.id);
    expect(key?.text).toBe(chain.key);
    expect(await everything()).not.toContain(chain.key.split("\n")[1]);

    const shorter = { mode: "given", certificate: chain.own };
    const changed = await updateDeployment(ctx, made.id, { endpoint: { tls: shorter } });
    expect(changed.revision).toBe(2);
    expect(await keysOf(made.id)).toEqual([key]);
    const kept = await updateDeployment(ctx, made.id, { endpoint: { tls: { mode: "given" } } });
    expect(kept.revision).toBe(2);

    const other = await issuedChain("models.example.test", { now: portal.clock.now() });
    await expect(
      updateDeployment(ctx, made.id, { endpoint: { tls: { mode: "given", certificate: other.own } } }),
    ).rejects.toMatchObject({ fields: [{ field: "endpoint.tls.key" }] });
    await updateDeployment(ctx, made.id, {
      endpoint: { tls: { mode: "given", certificate: other.own, key: other.key } },
    });
    await succeeded(made.id);
    await updateDeployment(ctx, made.id, { ttlMinutes: 60 });
    expect((await keysOf(made.id)).map(({ text }) => text)).toEqual([other.key]);
  });

  test("what stands around a key, or how it is written, isn't sealed with it", async () => {
    const ctx = await portal.person("Flo");
    const ec = createPrivateKey(chain.key).export({ type: "sec1", format: "pem" }).toString();
    const key = `Bag attributes: mine\r\n${ec.replaceAll("\n", "\r\n")}\r\n${chain.issuer}`;
    const made = await createDeployment(ctx, input("around", { ...given(), key }));
    expect((await keysOf(made.id)).map(({ text }) => text)).toEqual([chain.key]);
  });

  test("is refused at its fields, and then nothing is stored", async () => {
    const ctx = await portal.person("Kim");
    const before = await portal.db.secret.count();
    const refused = (tls: object) => createDeployment(ctx, input("refused", { mode: "given", ...tls }));
    await expect(refused({})).rejects.toMatchObject({ fields: [{ field: "endpoint.tls.certificate" }] });
    await expect(refused({ certificate: chain.own })).rejects.toMatchObject({
      fields: [{ field: "endpoint.tls.key" }],
    });
    expect(await portal.db.secret.count()).toBe(before);
    expect(await portal.db.deployment.count({ where: { name: "refused" } })).toBe(0);
  });

  test("a port for the redirect that is another's is refused at its field", async () => {
    const ctx = await portal.person("Lee");
    await createDeployment(ctx, input("first", given(), { redirectFrom: 4912 }));
    const second = input("second", given(), { redirectFrom: 4912 });
    await expect(createDeployment(ctx, second)).rejects.toMatchObject({
      fields: [{ field: "endpoint.redirectFrom", message: expect.stringContaining("another deployment's") }],
    });
    await expect(
      createDeployment(ctx, input("third", { mode: "none" }, { port: 4912 })),
    ).rejects.toMatchObject({
      fields: [{ field: "endpoint.port" }],
    });
  });
});

test("a preview says what would be, and makes nothing", async () => {
  const ctx = await portal.person("Mia");
  const before = await portal.db.secret.count();
  const planned = await previewDeployment(ctx, input("previewed", { mode: "self-signed" }));
  expect(planned.spec.endpoint.tls).toEqual({ mode: "self-signed", certificate: null });
  expect(planned.changes[0]?.summary).toContain("HTTPS, self-signed");
  const shown = await previewDeployment(ctx, input("previewed", given()));
  expect(shown.spec.endpoint.tls.certificate?.subject).toBe("CN=models.example.test");
  expect(await portal.db.secret.count()).toBe(before);

  const made = await createDeployment(ctx, input("previewed", given()));
  const change = await previewDeployment(ctx, { deployment: made.id, endpoint: { access: "open" } });
  expect(change.changes[0]).toMatchObject({ change: "update", fields: ["access"] });
});
