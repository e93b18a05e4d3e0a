import { expect, onTestFinished, test } from "vitest";
import {
  checked,
  ended,
  expectFailed,
  failing,
  leavesNothing,
  named,
  operated,
  plain,
} from "#e2e/cluster/portal/in-trouble.ts";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { whatIsLeft } from "#e2e/cluster/portal/what-is-left.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";

type Problem = { errors: { field: string; code?: string; message: string }[] };

test("a kubeconfig that is malformed, would run a program or is over isn't taken, and each says why", async () => {
  await using on = new OnCluster();
  const refused = async (kubeconfig: string) => {
    const { status, body } = await on.api.send<Problem>("POST", "/targets", { name: "refused", kubeconfig });
    return {
      status,
      codes: body.errors.map(({ field, code }) => `${field} ${code}`),
      body: JSON.stringify(body),
    };
  };
  expect(await refused("kind: [")).toMatchObject({ status: 422, codes: ["kubeconfig malformed"] });
  const withUser = (user: string) =>
    on.place.kubeconfig.replace(/user: \{token: .*\}\}\]/, `user: ${user}}]`);
  const exec = await refused(
    withUser('{exec: {command: "/bin/canary", apiVersion: client.authentication.k8s.io/v1}}'),
  );
  expect(exec).toMatchObject({ status: 422, codes: ["kubeconfig exec"] });
  expect(exec.body).not.toContain("canary");
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString("base64url");
  const over = await refused(
    withUser(`{token: "${part({ alg: "RS256" })}.${part({ exp: 1_000_000 })}.c2ln"}`),
  );
  expect(over).toMatchObject({ status: 422, codes: ["kubeconfig expired"] });
});

test("a right is taken from the account: target_refused says which, the check names it, and once given back it deploys", async ({
  skip,
}) => {
  await using on = new OnCluster();
  const { own } = on.place;
  if (!own) return skip("needs an account of the test's own");
  const path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/sluice";
  type Rule = { apiGroups: string[]; resources: string[]; verbs: string[] };
  const { rules } = (await on.request(path)) as { rules: Rule[] };
  const set = (rules: Rule[]) =>
    on.request(path, { method: "PATCH", body: { rules }, contentType: "application/merge-patch+json" });
  onTestFinished(async () => {
    await set(rules);
  });
  await set(
    rules.map((rule) => ({ ...rule, resources: rule.resources.filter((name) => name !== "services") })),
  );
  const deployment = await failing(
    on,
    plain(own.echoImages[0]),
    "target_refused",
    /services.*forbidden.*rights that the targets page lists, then retry/s,
  );

  const lacking = await checked(on);
  expect(lacking).toMatchObject({
    available: false,
    reason: expect.stringContaining("lacks rights") as string,
  });
  const { rights = [] } = lacking.cluster?.detail?.findings ?? {};
  const missing = rights.filter(({ denied }) => denied.length > 0).map(({ resource }) => resource);
  expect(missing).toEqual(["services"]);
  const again = await on.api.send<Problem>("POST", "/deployments", named(on, plain(own.echoImages[0])));
  expect(again).toMatchObject({ status: 422, body: { errors: [{ field: "target" }] } });

  await set(rules);
  expect(await checked(on)).toMatchObject({ available: true });
  expect(await operated(on, "POST", deployment, "/retry")).toMatchObject({
    status: "ready",
    statusCode: null,
  });
  await leavesNothing(on, deployment);
});

test("a token that is over: target_refused; with a new kubeconfig a retry goes on", async ({ skip }) => {
  await using on = new OnCluster();
  const { own, kubeconfig, target } = on.place;
  if (!own) return skip("needs an account of the test's own");
  const secrets = "/api/v1/namespaces/sluice-system/secrets";
  const metadata = { name: "short-lived", annotations: { "kubernetes.io/service-account.name": "sluice" } };
  const type = "kubernetes.io/service-account-token";
  await on.request(secrets, { method: "POST", body: { apiVersion: "v1", kind: "Secret", type, metadata } });
  const token = await waitUntil("a token", async () => {
    const { data } = (await on.request(`${secrets}/short-lived`)) as { data?: { token?: string } };
    return data?.token && Buffer.from(data.token, "base64").toString();
  });
  const give = async (text: string) => {
    expect(await on.api.send("PATCH", `/targets/${target}`, { kubeconfig: text })).toMatchObject({
      status: 200,
    });
    return checked(on);
  };
  onTestFinished(async () => {
    await give(kubeconfig);
  });
  expect(await give(kubeconfig.replace(/token: "[^"]+"/, `token: "${token}"`))).toMatchObject({
    available: true,
  });
  const deployment = await on.deploy(plain(own.echoImages[0]));
  await on.request(`${secrets}/short-lived`, { method: "DELETE" });
  await waitUntil("the token to be over", async () => (await on.ask("/version", { token })).status === 401);
  expect(await checked(on)).toMatchObject({ available: false, cluster: { state: "trouble" } });
  const unasked = await on.api.until(deployment.id, ({ statusCode }) => statusCode === "target_refused", 60);
  // Nobody knows how it is: what was seen last stays, and that it is older is said.
  expect(unasked.status).toBe("ready");
  expect((await on.call(deployment)).status).toBe(200);
  const change = await on.api.send<DeploymentView>("PATCH", `/deployments/${deployment.id}`, {
    scaling: { minReplicas: 2, maxReplicas: 2, metric: "none" },
  });
  expect(change).toMatchObject({ status: 200 });
  const refused = await ended(on, deployment, change.body.operation.id);
  expect(refused).toMatchObject({ status: "degraded", statusCode: "target_refused" });
  expect(refused.statusMessage).toMatch(/Give the target a new kubeconfig, then retry.*still answers/s);
  expect((await on.call(deployment)).status).toBe(200);
  const left = await operated(on, "DELETE", deployment);
  expectFailed(left, "target_refused", /Give the target a new kubeconfig, then retry/);

  expect(await give(kubeconfig)).toMatchObject({ available: true });
  const gone = await operated(on, "POST", deployment, "/retry");
  expect(gone).toMatchObject({ status: "destroyed", receipt: { remaining: [] } });
  expect(await whatIsLeft(on, deployment)).toEqual([]);
});
