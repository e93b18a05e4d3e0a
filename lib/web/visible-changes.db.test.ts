import { afterAll, beforeAll, expect, test } from "vitest";
import { requestJob } from "#lib/jobs/request-job.ts";
import { testAuthority } from "#lib/targets/kubernetes/authority-for-test.ts";
import { kubeconfigText } from "#lib/targets/kubernetes/kubeconfig-for-test.ts";
import { registerTarget } from "#lib/targets/register-target.ts";
import { readHealth } from "#lib/web/health.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";
import { VisibleChanges } from "#lib/web/visible-changes.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

test("hints of a job reach who asked for it, and nobody else", async () => {
  const [ada, grace] = [await portal.person("Ada", "admin"), await portal.person("Grace")];
  const ask = (subjectId: string, actor: Parameters<typeof requestJob>[1]["actor"]) =>
    requestJob(portal.db, { kind: "target.check", subjectId, actor, now: portal.clock.now() });
  const hers = await ask("a", ada.actor);
  const sluices = await ask("b", { type: "system", reason: "it looks again and again" });
  const sees = (ctx: typeof ada, jobId: string) => new VisibleChanges(ctx).sees({ topic: "job", jobId });
  expect(await sees(ada, hers)).toBe(true);
  expect(await sees(grace, hers)).toBe(false);
  expect(await sees(ada, sluices)).toBe(false);
});

test("a stream that is open for long keeps a bounded number of answers, and asks again for what it let go", async () => {
  const ada = await portal.person("Lin", "admin");
  let asked = 0;
  const counting = {
    ...ada,
    db: { job: { count: () => Promise.resolve(++asked) } },
  } as unknown as typeof ada;
  const changes = new VisibleChanges(counting);
  const sees = (n: number) => changes.sees({ topic: "job", jobId: `job-${n}` });
  for (let n = 0; n < 1_500; n++) await sees(n);
  await sees(1_499);
  expect(asked).toBe(1_500);
  await sees(0);
  expect(asked).toBe(1_501);
});

test("health, which anybody may ask for, says nothing of registered clusters", async () => {
  const admin = await portal.person("Edith", "admin");
  const { certificate } = await testAuthority();
  const kubeconfig = kubeconfigText({ server: "https://203.0.113.9", ca: certificate, user: { token: "t" } });
  await registerTarget(admin, { name: "secret-project", kubeconfig });
  const health = await readHealth(portal.db);
  expect(health.targets.map(({ name }) => name)).toEqual(["local", "kubernetes", "gke"]);
  expect(JSON.stringify(health)).not.toContain("secret-project");
});
