import { expect, test } from "@playwright/test";
import { newApiKey, PortalApi } from "#e2e/portal/api.ts";
import { replicaProcesses, whatIsLeftOf } from "#e2e/portal/machine.ts";

type Problem = { code: string; errors: { field: string; message: string }[] };
type Replica = { id: string; pid: number; state: string; restarts: number };

let api: PortalApi;

test.beforeAll(() => {
  api = new PortalApi(newApiKey("api spec"));
});

test("health answers without a key", async () => {
  const health = await fetch(`${process.env.SLUICE_TEST_URL}/api/health`);
  expect(health.status).toBe(200);
  const body = (await health.json()) as {
    database: unknown;
    targets: { name: string; available: boolean }[];
  };
  expect(body.targets.map((target) => target.name)).toContain("local");
});

test("deploy, call, read the figures, heal, tear down with a true receipt", async () => {
  const deployment = await api.ready({
    name: "by-api",
    target: "local",
    model: { preset: "sentiment" },
    scaling: { minReplicas: 2, maxReplicas: 2, metric: "none" },
  });
  expect(deployment.replicas).toEqual({ desired: 2, ready: 2 });
  expect(deployment.operation.status).toBe("succeeded");
  expect(replicaProcesses(deployment.id)).toHaveLength(2);

  // Private by default: no key and a wrong key are refused, the owner's API key opens it.
  expect((await api.predict(deployment, { text: "good" }, "")).status).toBe(401);
  expect((await api.predict(deployment, { text: "good" }, "slk_wrong")).status).toBe(401);
  const answer = await api.predict(deployment, { text: "What a wonderful day." });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("x-sluice-replica")).toBeTruthy();
  expect(((await answer.json()) as { sentiment: { label: string } }).sentiment.label).toBe("positive");

  // A killed replica is replaced by a new process.
  const before = await api.send<{ items: Replica[] }>("GET", `/deployments/by-api/replicas`);
  const victim = before.body.items[0];
  if (!victim) throw new Error("No replica is listed.");
  expect(replicaProcesses(deployment.id)).toContain(victim.pid);
  process.kill(victim.pid, "SIGKILL");
  await expect
    .poll(async () => {
      const { body } = await api.send<{ items: Replica[] }>("GET", `/deployments/by-api/replicas`);
      const healed = body.items.find((replica) => replica.id === victim.id);
      return healed && healed.pid !== victim.pid && healed.state === "ready";
    })
    .toBe(true);
  expect((await api.predict(deployment, { text: "good" })).status).toBe(200);

  const gone = await api.destroy("by-api");
  expect(gone.status).toBe("destroyed");
  expect(gone.receipt?.remaining).toEqual([]);
  expect(gone.receipt?.deleted.map((thing) => thing.type).sort()).toEqual(
    gone.receipt?.created.map((thing) => thing.type).sort(),
  );
  // Another program may have the port by now; no replica of ours answers there.
  const after = await api.predict(deployment, { text: "good" }).catch(() => null);
  expect(after?.headers.get("x-sluice-replica") ?? null).toBeNull();
  expect(whatIsLeftOf(deployment, deployment.endpoint.port)).toEqual([]);
});

test("a name answers for the live one, else the latest; a destroyed one's name is free", async () => {
  const first = await api.ready({ name: "again", target: "local", model: { preset: "sentiment" } });
  const taken = await api.send<Problem>("POST", "/deployments", {
    name: "again",
    target: "local",
    model: { preset: "sentiment" },
  });
  expect([taken.status, taken.body.code]).toEqual([409, "name_taken"]);
  await api.destroy("again");
  expect((await api.get("again")).id).toBe(first.id);
  const second = await api.deploy({ name: "again", target: "local", model: { preset: "sentiment" } });
  expect((await api.get("again")).id).toBe(second.id);
  // Tear-down while it deploys: it stops, then tears down.
  const gone = await api.destroy("again");
  expect([gone.id, gone.status, gone.receipt?.remaining]).toEqual([second.id, "destroyed", []]);
});

test("bad input names its field", async () => {
  const good = { name: "bad-input", target: "local", model: { preset: "sentiment" } };
  const cases: [Record<string, unknown>, string][] = [
    [{ ...good, name: "" }, "name"],
    [{ ...good, name: "Upper" }, "name"],
    [{ ...good, name: "a_b" }, "name"],
    [{ ...good, name: "x".repeat(60) }, "name"],
    [{ ...good, target: "moon" }, "target"],
    [{ ...good, model: { preset: "nope" } }, "model.preset"],
    [{ ...good, model: { image: "nginx" } }, "model.image"],
    [{ ...good, scaling: { minReplicas: 3, maxReplicas: 2 } }, "scaling.maxReplicas"],
    [{ ...good, scaling: { minReplicas: 0 } }, "scaling.minReplicas"],
    [{ ...good, scaling: { minReplicas: 1000 } }, "scaling.minReplicas"],
    [{ ...good, endpoint: { port: 80 } }, "endpoint.port"],
    [{ ...good, routing: { rules: [{ pathPrefix: "/a", variant: "ghost" }] } }, "routing.rules.0.variant"],
    [{ ...good, colour: "red" }, "colour"],
  ];
  for (const [body, field] of cases) {
    const answer = await api.send<Problem>("POST", "/deployments", body);
    expect([answer.status, answer.body.code], JSON.stringify(body)).toEqual([422, "invalid"]);
    expect(answer.body.errors.map((error) => error.field)).toContain(field);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
  }
  expect((await api.send<Problem>("POST", "/deployments", "{")).body.code).toBe("malformed");
  expect(
    (await api.send<Problem>("POST", "/deployments", { ...good, name: "y".repeat(400_000) })).status,
  ).toBe(413);
  expect((await new PortalApi("").send<Problem>("GET", "/deployments")).status).toBe(401);
  expect((await new PortalApi("slk_no").send<Problem>("GET", "/deployments")).body.code).toBe(
    "unauthenticated",
  );
  expect((await api.send<Problem>("GET", "/deployments/bad-input")).status).toBe(404);
});
