import { request } from "node:https";
import { test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import type { LiveDeployment } from "#e2e/portal/api.ts";
import { issuedChain } from "#lib/tls/issued-for-test.ts";

type Chain = Awaited<ReturnType<typeof issuedChain>>;

/**
 * Status of an answer over HTTPS at the deployment's address for a name; null: there is no certificate for it.
 *
 * @param authority who has to vouch for the certificate; without, anybody: that is the portal's to judge
 */
function askAs(domain: string, { endpoint }: LiveDeployment, authority?: string): Promise<number | null> {
  return new Promise((resolve) => {
    const options = { host: endpoint.ip, servername: domain, headers: { host: domain }, agent: false };
    const trust = authority === undefined ? { rejectUnauthorized: false } : { ca: authority };
    request({ ...options, ...trust, path: "/v1" }, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    })
      .on("error", () => resolve(null))
      .end();
  });
}

/** Names of the project's certificates. */
async function certificatesIn(on: OnGoogle): Promise<string[]> {
  const all = await on.left();
  return all.filter((key) => key.includes("/sslCertificates/")).map((key) => key.split("/").at(-1)!);
}

test
  .skipIf(!hasCloud)
  .concurrent(
    "a given certificate answers, and once it is replaced the new one does, and the old one is gone",
    async ({ expect }) => {
      await using on = await OnGoogle.open();
      const domain = "given.example.com";
      const [one, two] = await Promise.all([0, 1].map(() => issuedChain(domain, { now: new Date() })));
      const endpointWith = ({ own, key }: Chain) => ({
        endpoint: { access: "open", tls: { mode: "given", certificate: own, key } },
      });
      const deployment = await on.deploy(endpointWith(one!));
      expect(await askAs(domain, deployment, one!.issuer)).toBe(200);
      expect(await askAs(domain, deployment, two!.issuer)).toBeNull();
      const before = await certificatesIn(on);

      const changed = await on.change(deployment, endpointWith(two!));
      expect(await askAs(domain, changed, two!.issuer)).toBe(200);
      const after = await certificatesIn(on);
      expect([before.length, after.length]).toEqual([1, 1]);
      expect(after).not.toEqual(before);
      await on.staysAsItIs(changed);
    },
  );

test
  .skipIf(!hasCloud)
  .concurrent(
    "a domain: HTTP is redirected, degraded until the certificate is there; on a change the old one stays till then, and leaves",
    async ({ expect }) => {
      await using on = await OnGoogle.open();
      const { cloud, project } = on;
      const [one, two] = ["one.example.com", "two.example.com"];
      const certificates = () => certificatesIn(on);
      const deployment = await on.deploy({ endpoint: { access: "open" }, google: { domain: one } });
      expect(deployment).toMatchObject({
        status: "degraded",
        statusCode: "certificate_pending",
        statusMessage: expect.stringContaining(deployment.endpoint.ip) as string,
      });
      const plain = await fetch(`http://${deployment.endpoint.ip}/v1`, { redirect: "manual" });
      expect([plain.status, plain.headers.get("location")]).toEqual([
        308,
        `https://${deployment.endpoint.ip}/v1`,
      ]);
      expect(await askAs(one, deployment)).toBeNull();

      const [first = ""] = await certificates();
      await cloud.setCertificate(project.id, first, "ACTIVE");
      expect(await askAs(one, deployment)).toBe(200);
      await on.api.until(deployment.id, ({ status }) => status === "ready", 120);

      const changed = await on.change(deployment, { google: { domain: two } });
      expect(changed).toMatchObject({ status: "degraded", statusCode: "certificate_pending" });
      expect(await certificates()).toHaveLength(2);
      expect(await askAs(one, changed)).toBe(200);
      const second = (await certificates()).find((name) => name !== first)!;
      await cloud.setCertificate(project.id, second, "ACTIVE");
      expect(await askAs(two, changed)).toBe(200);
      await waitUntil(
        "the new domain to answer",
        async () => (await on.api.get(changed.id)).status === "ready",
        120_000,
      );
      expect(await certificates()).toHaveLength(2);

      // Any change takes it along, once the new one is ACTIVE.
      await on.change(changed, { google: { logSampleRate: 0.5 } });
      expect(await certificates()).toEqual([second]);
      expect(await askAs(two, changed)).toBe(200);
      await on.staysAsItIs(changed);
      await on.leavesNothing(changed);
    },
  );
