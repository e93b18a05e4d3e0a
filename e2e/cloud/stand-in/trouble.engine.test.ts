import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  cloudBench,
  googlesOf,
  keepGroups,
  left,
  type CloudBench,
} from "#e2e/cloud/stand-in/bench-for-test.ts";
import { watch } from "#e2e/stand-in/watch.ts";
import { owner, project } from "#e2e/cloud/google/google-for-test.ts";
import type { EngineError, EngineStack } from "#infra/engine/driver.ts";
import { poolName } from "#lib/targets/gke/names.ts";
import { ownClusterForTest } from "#lib/targets/gke/forms-for-test.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const usual = "open to all, so Google routes";

let bench: CloudBench;
let plan: PlannedResource[];
beforeEach(async () => {
  bench = await cloudBench();
  plan = await googlesOf(usual);
  keepGroups(bench.google, plan);
});
afterEach(() => bench.close());

/** What the engine said where it failed. */
async function failure(stack: EngineStack, wanted = plan): Promise<string> {
  const error: unknown = await stack.up(wanted, watch().run).then(
    () => new Error("It succeeded."),
    (reason: unknown) => reason,
  );
  return JSON.stringify((error as EngineError).logLines ?? String(error));
}

const network = `compute/projects/${project}/global/networks/sluice-dep-0123456789ab`;
const only = (...types: string[]) => plan.filter(({ type }) => types.includes(type));

describe("refused before anything is made", () => {
  test.each([
    ["an input that the SDK doesn't have", { ipCidrRnge: "x" }, "has no property ipCidrRnge"],
    ["a number for a text", { ipCidrRange: 3 }, "must be a string, is number"],
    ["none where the SDK wants one", { network: undefined }, "needs a property network"],
    [
      "a word that isn't one of those",
      { stackType: "IPV5" },
      "must be one of IPV4_ONLY, IPV4_IPV6, IPV6_ONLY",
    ],
    ["one that would be passed over", { reservedInternalRange: "x" }, "this stand-in doesn't know it"],
  ])("%s", async (_what, change, said) => {
    const wanted = plan.map((one) =>
      one.type === gkeTypes.subnetwork ? { ...one, inputs: { ...one.inputs, ...change } } : one,
    );
    expect(await failure(await bench.stack(), wanted)).toContain(said);
    expect(left(bench.google).filter((key) => key.includes("/subnetworks/"))).toEqual([]);
  });

  test.each([
    ["without an endpoint", { containerCustomEndpoint: undefined }, "never calls Google's own"],
    [
      "at Google's own address",
      { computeCustomEndpoint: "https://compute.googleapis.com/compute/beta/" },
      "isn't on this machine",
    ],
    ["at one without a version", { storageCustomEndpoint: "http://127.0.0.1:1" }, "must end in a version"],
  ])("an API %s", async (_what, args, said) => {
    expect(await failure(await bench.stack({ args }))).toContain(said);
    expect(bench.google.requests()).toEqual([]);
  });
});

describe("who asks", () => {
  const keyOf = (change: object) => JSON.stringify({ ...(JSON.parse(bench.key) as object), ...change });

  test("is nobody without credentials", async () => {
    expect(await failure(await bench.stack({ env: {} }))).toContain("could not find default credentials");
  });

  test("has a key that was deleted: Google's words, and nothing is made", async () => {
    const { private_key_id } = JSON.parse(bench.key) as { private_key_id: string };
    bench.google.tokens.removeServiceAccountKey(private_key_id);
    const said = await failure(await bench.stack(), only(gkeTypes.network));
    expect(said).toContain("oauth2: cannot fetch token: 400");
    expect(said).toContain("invalid_grant");
    expect(left(bench.google)).toEqual([]);
  });

  test("may have a token endpoint of this machine's alone", async () => {
    const env = { GOOGLE_CREDENTIALS: keyOf({ token_uri: "https://oauth2.googleapis.com/token" }) };
    expect(await failure(await bench.stack({ env }))).toContain("never to Google");
  });

  test("may be a token, which isn't renewed", async () => {
    const token = bench.google.tokens.issue(owner);
    const stack = await bench.stack({ env: { GOOGLE_OAUTH_ACCESS_TOKEN: token } });
    await stack.up(only(gkeTypes.network), watch().run);
    expect(bench.google.store.get(network)).toBeDefined();
    const foreign = await bench.stack({ env: { GOOGLE_OAUTH_ACCESS_TOKEN: "ya29.other" } });
    expect(await failure(foreign, [])).toContain("ACCESS_TOKEN_INVALID");
  });

  test("goes on with new tokens where each lives for seconds", async () => {
    bench.google.tokens.lifetimeSeconds = 2;
    const stack = await bench.stack();
    await stack.up(plan, watch().run);
    await stack.destroy(watch().run);
    expect(left(bench.google)).toEqual([]);
    expect(bench.google.requests().filter(({ status }) => status === 401)).toEqual([]);
  });

  test("may be a person, or the machine itself", async () => {
    const user = { ...bench.google.tokens.addAuthorizedUser(owner), token_uri: bench.google.endpoints.token };
    await (
      await bench.stack({ env: { GOOGLE_CREDENTIALS: JSON.stringify(user) } })
    ).up(only(gkeTypes.network), watch().run);
    expect(bench.google.store.get(network)).toBeDefined();
  });

  test("leaves neither key nor token in the engine's memory", async () => {
    const stack = await bench.stack();
    await stack.up(only(gkeTypes.network), watch().run);
    const remembered = JSON.stringify(await stack.exportState());
    expect(remembered).toContain("networks/sluice-dep-0123456789ab");
    expect(remembered).not.toContain("PRIVATE KEY");
    expect(remembered).not.toContain("ya29.");
  });
});

describe("what Google doesn't do", () => {
  test("is said in its words: a name that is taken, by the plugin's own sentence", async () => {
    const wanted = only(gkeTypes.network);
    await (await bench.stack()).up(wanted, watch().run);
    bench.forget();
    expect(await failure(await bench.stack(), wanted)).toContain(
      "Error creating Network: googleapi: Error 409: The resource 'projects/demo-proj/global/networks/sluice-dep-0123456789ab' already exists, alreadyExists",
    );
  });

  test("a quota that is too small ends the cluster, and a retry goes on from what is there", async () => {
    bench.google.quotas.set(project, null, "CPUS_ALL_REGIONS", 1);
    const stack = await bench.stack();
    expect(await failure(stack)).toContain("CPUS_ALL_REGIONS");
    bench.google.quotas.set(project, null, "CPUS_ALL_REGIONS", 32);
    const { run, changes } = watch();
    await stack.up(plan, run);
    expect(changes()).toMatchObject({
      [`${gkeTypes.network}::network`]: "same",
      [`${gkeTypes.nodePool}::pool`]: "create",
    });
    await stack.destroy(watch().run);
    expect(left(bench.google)).toEqual([]);
  });

  test("a pool that failed is remembered with Google's message, and goes at the tear-down", async () => {
    const name = poolName(ownClusterForTest, `nodes@${project}.iam.gserviceaccount.com`);
    bench.google.faults.pool(name, "GCE_STOCKOUT: there are no such machines now");
    const stack = await bench.stack();
    expect(await failure(stack)).toContain("GCE_STOCKOUT: there are no such machines now");
    const remembered = JSON.stringify(await stack.exportState());
    expect(remembered).toContain(`nodePools/${name}`);
    await stack.destroy(watch().run);
    expect(left(bench.google)).toEqual([]);
  });

  test("an operation that fails leaves nothing, and the next run makes it", async () => {
    bench.google.faults.operation(
      { method: "POST", path: /\/networks$/ },
      { code: "INTERNAL_ERROR", message: "Google broke." },
    );
    const stack = await bench.stack();
    const wanted = only(gkeTypes.network);
    expect(await failure(stack, wanted)).toContain(
      "Error waiting to create Network: Error waiting for Creating Network: Google broke.",
    );
    await stack.up(wanted, watch().run);
    expect(bench.google.store.get(network)).toBeDefined();
  });

  test("a deletion that went well but was said to have failed is asked for once more, and what is gone is no trouble", async () => {
    const wanted = only(gkeTypes.globalAddress);
    const stack = await bench.stack();
    await stack.up(wanted, watch().run);
    bench.google.faults.answerAfter(
      { method: "DELETE", path: /\/addresses\// },
      { code: 400, reason: "invalid", message: "Google broke." },
    );
    await expect(stack.destroy(watch().run)).rejects.toMatchObject({
      logLines: expect.arrayContaining([expect.stringContaining("Google broke.") as string]) as string[],
    });
    expect(left(bench.google)).toEqual([]);
    await stack.destroy(watch().run);
    expect(resourcesIn(await stack.exportState())).toEqual([]);
  });

  test("an overload that passes isn't seen", async () => {
    bench.google.faults.answer(
      { method: "POST", path: /\/networks$/, times: 2 },
      { code: 503, reason: "backendError", message: "Try again." },
    );
    await (await bench.stack()).up(only(gkeTypes.network), watch().run);
    expect(bench.google.store.get(network)).toBeDefined();
  });

  test("a cluster that may not be deleted isn't", async () => {
    const guarded = only(gkeTypes.network, gkeTypes.subnetwork, gkeTypes.cluster).map((one) =>
      one.type === gkeTypes.cluster ? { ...one, inputs: { ...one.inputs, deletionProtection: true } } : one,
    );
    const stack = await bench.stack();
    await stack.up(guarded, watch().run);
    await expect(stack.destroy(watch().run)).rejects.toMatchObject({
      logLines: expect.arrayContaining([
        expect.stringContaining("deletion_protection is set to true") as string,
      ]) as string[],
    });
    expect(left(bench.google).some((key) => key.includes("/clusters/"))).toBe(true);
  });
});

describe("what is there already", () => {
  /** Inputs that only the plugin knows: an import has others until the first change. */
  const unread = ["initialNodeCount", "deletionProtection", "removeDefaultNodePool", "forceDestroy"];

  test("is taken over by its id, and differs in nothing that Google knows", async () => {
    const wanted = await googlesOf("static content beside open variants");
    keepGroups(bench.google, wanted);
    const first = await bench.stack();
    await first.up(wanted, watch().run);
    const ids = new Map<string, string>();
    for (const { urn, id } of resourcesIn(await first.exportState())) {
      ids.set(urn.split("::").slice(2).join("::"), id);
    }
    bench.forget();
    const before = bench.google.requests().length;
    const stack = await bench.stack({
      options: (planned) => ({ import: ids.get(resourceKey(planned)), ignoreChanges: unread }),
    });
    await stack.up(wanted, watch().run);
    expect(resourcesIn(await stack.exportState())).toHaveLength(wanted.length);
    const later = watch();
    await (await bench.stack()).up(wanted, later.run);
    const {
      [`${gkeTypes.cluster}::cluster`]: cluster,
      [`${gkeTypes.bucket}::static`]: bucket,
      ...rest
    } = later.changes();
    expect([cluster, bucket]).toEqual(["update", "update"]);
    expect(new Set(Object.values(rest))).toEqual(new Set(["same"]));
    const writes = bench.google
      .requests()
      .slice(before)
      .filter(({ method }) => method !== "GET");
    expect(writes.filter(({ path }) => !path.endsWith("/nodePools/default-pool"))).toEqual([]);
    await stack.destroy(watch().run);
    expect(left(bench.google)).toEqual([]);
  });

  test("isn't taken over where it would have to be changed", async () => {
    const wanted = only(gkeTypes.network);
    await (await bench.stack()).up(wanted, watch().run);
    bench.forget();
    const other = wanted.map((one) => ({ ...one, inputs: { ...one.inputs, autoCreateSubnetworks: true } }));
    const id = network.slice("compute/".length);
    expect(await failure(await bench.stack({ options: () => ({ import: id }) }), other)).toContain(
      "may not be replaced",
    );
  });
});

function resourcesIn(state: unknown): { urn: string; id: string }[] {
  const { deployment } = state as { deployment: { resources?: { urn: string; id?: string }[] } };
  return (deployment.resources ?? []).flatMap(({ urn, id }) =>
    id && urn.includes("::gcp:") ? [{ urn, id }] : [],
  );
}
