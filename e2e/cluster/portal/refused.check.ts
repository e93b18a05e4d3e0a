import { describe, expect, inject, test } from "vitest";
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
import { registerTarget } from "#e2e/cluster/portal/register-target.ts";
import { secondAccount } from "#e2e/cluster/portal/second-account.ts";
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

describe.concurrent("an account that may no longer", () => {
  test("a right is taken from the account: target_refused says which, the check names it, and once given back it deploys", async ({
    skip,
  }) => {
    const { own } = inject("place");
    if (!own) return skip("needs an account of the test's own");
    await using first = new OnCluster();
    const account = await secondAccount(first);
    await using on = new OnCluster(
      await registerTarget(first.api, account.kubeconfig, first.place.imagePrefix),
    );
    type Rule = { apiGroups: string[]; resources: string[]; verbs: string[] };
    const { rules } = (await on.request(account.rolePath)) as { rules: Rule[] };
    const set = (rules: Rule[]) =>
      on.request(account.rolePath, {
        method: "PATCH",
        body: { rules },
        contentType: "application/merge-patch+json",
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
    const { own, kubeconfig } = inject("place");
    if (!own) return skip("needs an account of the test's own");
    await using first = new OnCluster();
    const account = await secondAccount(first);
    const target = await registerTarget(first.api, account.kubeconfig, first.place.imagePrefix);
    await using on = new OnCluster(target);
    const deployment = await on.deploy(plain(own.echoImages[0]));
    await account.endToken();
    expect(await checked(on)).toMatchObject({ available: false, cluster: { state: "trouble" } });
    const unasked = await on.api.until(
      deployment.id,
      ({ statusCode }) => statusCode === "target_refused",
      60,
    );
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

    const given = await on.api.send("PATCH", `/targets/${target}`, { kubeconfig });
    expect(given).toMatchObject({ status: 200 });
    expect(await checked(on)).toMatchObject({ available: true });
    const gone = await operated(on, "POST", deployment, "/retry");
    expect(gone).toMatchObject({ status: "destroyed", receipt: { remaining: [] } });
    expect(await whatIsLeft(on, deployment)).toEqual([]);
  });
});
