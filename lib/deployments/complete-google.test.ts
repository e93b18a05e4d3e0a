import { describe, expect, test } from "vitest";
import type { Standing } from "#lib/deployments/complete-google.ts";
import { googleSpec } from "#lib/deployments/google-spec.ts";
import { leavingRefusals } from "#lib/deployments/leaving-domains.ts";
import { normalizeDeployment } from "#lib/deployments/normalize-spec.ts";
import { patchedInput } from "#lib/deployments/patch-spec.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import { SluiceError, type FieldError } from "#lib/errors.ts";
import { planOf } from "#lib/targets/plan-of.ts";
import { clusterForTest, projectForTest } from "#lib/targets/place-for-test.ts";
import type { Place } from "#lib/targets/place.ts";

const lab = projectForTest();
const wanted = { name: "one", target: "lab", model: { preset: "sentiment" } };

function draftOf(google: unknown, more: object = {}, place: Place = lab, standing: Standing | null = null) {
  return normalizeDeployment({ ...wanted, google, ...more }, [place], standing).draft;
}

function problemsOf(...of: Parameters<typeof draftOf>): FieldError[] {
  try {
    draftOf(...of);
    return [];
  } catch (error) {
    if (error instanceof SluiceError && error.code === "invalid") return error.fields;
    throw error;
  }
}

/** As it would be stored: there are no secrets in it. */
function stored(...of: Parameters<typeof draftOf>): Spec {
  const draft = draftOf(...of);
  return readSpec({ ...draft, endpoint: { ...draft.endpoint, tls: { mode: "none" } } });
}

const fieldsOf = (problems: FieldError[]) => problems.map(({ field }) => field);
const existing = { mode: "existing", name: "shared", location: "us-central1-a" };

test("nothing said is the origin's cluster: three n1-standard-1 in the target's place", () => {
  const draft = draftOf(undefined);
  expect(draft.google).toEqual({
    location: "us-central1-a",
    zones: ["us-central1-a"],
    cluster: {
      mode: "own",
      machineType: "n1-standard-1",
      minNodes: 3,
      maxNodes: 3,
      spot: false,
      gpu: null,
      releaseChannel: "REGULAR",
      network: null,
    },
    domain: null,
    leavingDomains: [],
    staticContent: null,
    logSampleRate: 1,
    maxRatePerEndpoint: 100,
  });
  expect(draft.endpoint).toMatchObject({ serviceType: null, gatewayClass: null, port: null });
  expect(draft.variants[0]?.scaling.metric).toBe("cpu");
});

test("an existing cluster brings its place, its zones and its network along", () => {
  expect(draftOf({ cluster: existing }).google).toMatchObject({
    location: "us-central1-a",
    zones: ["us-central1-a"],
    cluster: {
      mode: "existing",
      name: "shared",
      network: "projects/demo-proj/global/networks/default",
      podsRange: "10.4.0.0/14",
      morePodsRanges: [],
    },
  });
});

test("a spec that was stored before clusters had more ranges for pods is read as having none", () => {
  const { google } = draftOf({ cluster: existing });
  const { morePodsRanges: _none, ...earlier } = google!.cluster as { morePodsRanges: string[] };
  expect(googleSpec.parse({ ...google, cluster: earlier })).toEqual(google);
});

test("what is completed can be planned", () => {
  const id = "dep-0123456789ab";
  const names = (spec: Spec, place: Place = lab) => planOf(id, spec, place).map(({ type }) => type);
  expect(names(stored(undefined))).toContain("gcp:container/cluster:Cluster");
  expect(names(stored({ cluster: existing }))).not.toContain("gcp:container/cluster:Cluster");
  // Nothing is known of the target just now.
  expect(names(stored({ cluster: existing }), { ...lab, project: null, offers: null })).toHaveLength(
    names(stored({ cluster: existing })).length,
  );
});

const gpu = { type: "nvidia-tesla-t4", count: 1 };
const rule = { variant: "main", pathPrefix: "/static/css" };
const layer4 = { routing: { layer: 4 }, endpoint: { access: "open" } };
const files = { staticContent: { archive: "arc-0123456789ab" } };

test.each<[string, Parameters<typeof draftOf>, string[]]>([
  [
    "another machine type",
    [{ cluster: { mode: "own", machineType: "z9-huge" } }],
    ["google.cluster.machineType"],
  ],
  [
    "another GPU",
    [{ cluster: { mode: "own", gpu: { ...gpu, type: "nvidia-h100" } } }],
    ["google.cluster.gpu.type"],
  ],
  [
    "too many GPUs in a node",
    [{ cluster: { mode: "own", gpu: { ...gpu, count: 8 } } }],
    ["google.cluster.gpu.count"],
  ],
  ["a replica's GPUs without any in nodes", [undefined, { resources: { gpus: 1 } }], ["resources.gpus"]],
  [
    "more GPUs than a node has",
    [
      { cluster: { mode: "own", gpu } },
      { model: undefined, variants: [{ name: "a", model: { preset: "sentiment" }, resources: { gpus: 2 } }] },
    ],
    ["variants.0.resources.gpus"],
  ],
  [
    "fewer nodes at most than at least",
    [{ cluster: { mode: "own", maxNodes: 1 } }],
    ["google.cluster.maxNodes"],
  ],
  ["a cluster that isn't there", [{ cluster: { ...existing, name: "gone" } }], ["google.cluster.name"]],
  ["a cluster with a problem", [{ cluster: { ...existing, name: "auto" } }], ["google.cluster.name"]],
  [
    "a domain beside a certificate",
    [{ domain: "a.example.com" }, { endpoint: { tls: { mode: "self-signed" } } }],
    ["google.domain"],
  ],
  ["a domain at layer 4", [{ domain: "a.example.com" }, layer4], ["google.domain"]],
  ["files at layer 4", [files, layer4], ["google.staticContent"]],
  ["files where a rule leads", [files, { routing: { rules: [rule] } }], ["google.staticContent.prefix"]],
  [
    "files where health is asked",
    [{ staticContent: { ...files.staticContent, prefix: "/healthz" } }],
    ["google.staticContent.prefix"],
  ],
  [
    "files under dots",
    [{ staticContent: { ...files.staticContent, prefix: "/a/.." } }],
    ["google.staticContent.prefix"],
  ],
  ["a port", [undefined, { endpoint: { port: 8000 } }], ["endpoint.port"]],
  [
    "a Gateway class and a Service",
    [undefined, { endpoint: { gatewayClass: "x", serviceType: "NodePort" } }],
    ["endpoint.gatewayClass", "endpoint.serviceType"],
  ],
])("%s is refused at its field", (_what, of, fields) => {
  const problems = problemsOf(...of);
  expect(fieldsOf(problems)).toEqual(fields);
  for (const { message } of problems) expect(message).toMatch(/[.]$/);
});

test("what the target says that it can't is refused in its words", () => {
  const poor = projectForTest({ ownClusterRefusal: "No account.", staticContentRefusal: "No bucket." });
  expect(problemsOf(files, {}, poor)).toEqual([
    { field: "google.cluster.mode", message: "No account." },
    { field: "google.staticContent", message: "No bucket." },
  ]);
  expect(problemsOf({ cluster: existing }, {}, poor)).toEqual([]);
  const silent = projectForTest({}, { project: null });
  expect(fieldsOf(problemsOf(undefined, {}, silent))).toEqual(["target"]);
});

test("fewer nodes at most than a pool begins with are refused: as many in each of a region's zones", () => {
  const zones = ["us-central1-a", "us-central1-b", "us-central1-c"];
  const wide = projectForTest({ location: "us-central1", zones });
  const own = (minNodes: number, maxNodes?: number) => ({ cluster: { mode: "own", minNodes, maxNodes } });
  const message =
    "In 3 zones, us-central1-a, us-central1-b, us-central1-c, the pool begins with 3 nodes, as many in each: 2 at most is too few. Choose 3 or more, or a target in one zone.";
  const refused = [{ field: "google.cluster.maxNodes", message }];
  expect(problemsOf(own(1, 2), {}, wide)).toEqual(refused);
  expect(problemsOf(own(2), {}, wide)).toEqual(refused);
  expect(problemsOf(own(1, 3), {}, wide)).toEqual([]);
  expect(fieldsOf(problemsOf(own(4, 5), {}, wide))).toEqual(["google.cluster.maxNodes"]);
  expect(problemsOf(own(1, 1))).toEqual([]);
  // Where nobody could look, it isn't known how many zones there are.
  expect(problemsOf(own(1, 1), {}, projectForTest({ zones: null }))).toEqual([
    expect.objectContaining({ field: "target" }),
  ]);
});

test("on another target there is nothing of Google's", () => {
  const cluster = clusterForTest();
  const problems = problemsOf({ domain: "a.example.com" }, { target: "prod" }, cluster);
  expect(fieldsOf(problems)).toEqual(["google"]);
});

describe("a deployment that is there", () => {
  const before = stored({ domain: "old.example.com" });
  const change = (patch: unknown, { isMade = true, isServed = false, place = lab, spec = before } = {}) => {
    const input = patchedInput({ name: "one", target: "lab" }, spec, patch);
    return normalizeDeployment(input, [place], { spec, isMade, isServed }).draft.google;
  };
  const refused = (patch: unknown, how: Parameters<typeof change>[1] = {}) => {
    try {
      change(patch, how);
      return [];
    } catch (error) {
      return error instanceof SluiceError ? fieldsOf(error.fields) : [String(error)];
    }
  };

  test("stays where it is, whatever its target offers by now", () => {
    const moved = projectForTest({
      zones: ["us-central1-b"],
      location: "us-central1",
      machineTypes: [],
      ownClusterRefusal: "No account.",
    });
    expect(change({ google: { logSampleRate: 0.5 } }, { place: moved })).toEqual({
      ...before.google,
      logSampleRate: 0.5,
    });
    expect(change({ scaling: { minReplicas: 2 } }, { place: { ...lab, project: null } })).toEqual(
      before.google,
    );
  });

  test("gets other machines field by field", () => {
    expect(change({ google: { cluster: { machineType: "n1-standard-4", spot: true } } })?.cluster).toEqual({
      ...before.google?.cluster,
      machineType: "n1-standard-4",
      spot: true,
    });
    expect(refused({ google: { cluster: { machineType: "z9-huge" } } })).toEqual([
      "google.cluster.machineType",
    ]);
  });

  test("has its own zones' number of nodes at most or more, or what it had", () => {
    const zones = ["us-central1-a", "us-central1-b"];
    const google = { ...before.google!, location: "us-central1", zones };
    const spec = { ...before, google };
    const sized = (minNodes: number, maxNodes: number) => ({ google: { cluster: { minNodes, maxNodes } } });
    expect(refused(sized(1, 1), { spec })).toEqual(["google.cluster.maxNodes"]);
    expect(refused(sized(1, 2), { spec })).toEqual([]);
    const one = { ...before.google?.cluster, mode: "own", minNodes: 1, maxNodes: 1 };
    const small = { ...spec, google: { ...google, cluster: one as typeof google.cluster } };
    expect(refused({ google: { logSampleRate: 0.5 } }, { spec: small })).toEqual([]);
  });

  test("keeps what can't be had back", () => {
    const network = { network: "n", subnetwork: "s", podsRange: "p", servicesRange: "v" };
    expect(refused({ google: { cluster: existing } })).toEqual(["google.cluster.mode"]);
    expect(refused({ google: { cluster: { network } } })).toEqual(["google.cluster.network"]);
    expect(refused({ google: { domain: null }, ...layer4 })).toEqual(["routing.layer"]);
    const shared = stored({ cluster: existing });
    expect(refused({ google: { cluster: { name: "other" } } }, { spec: shared })).toEqual([
      "google.cluster.name",
    ]);
    expect(refused({ google: { cluster: { location: "us-central1-b" } } }, { spec: shared })).toEqual([
      "google.cluster.location",
    ]);
  });

  test("lets Google in to pods of the cluster's that have got other addresses since", () => {
    const shared = stored({ cluster: existing });
    const [found, ...others] = lab.project!.clusters;
    const grown = (change: object) =>
      projectForTest({ clusters: [{ ...found!, morePodsRanges: ["10.50.0.0/20"], ...change }, ...others] });
    const kept = (place: Place) => change({ ttlMinutes: 60 }, { spec: shared, place })?.cluster;
    expect(kept(grown({}))).toEqual({ ...shared.google?.cluster, morePodsRanges: ["10.50.0.0/20"] });
    // Another cluster of the same name, or nothing known: what was chosen stays as it was.
    expect(kept(grown({ podsRange: "10.8.0.0/14" }))).toEqual(shared.google?.cluster);
    expect(kept({ ...lab, project: null })).toEqual(shared.google?.cluster);
  });

  test("may be all changed while nothing of it was made", () => {
    expect(change({ google: { cluster: existing } }, { isMade: false })).toMatchObject({
      cluster: { mode: "existing", network: "projects/demo-proj/global/networks/default" },
    });
  });

  test("keeps the certificates of earlier domains beside the new one's", () => {
    const second = change({ google: { domain: "new.example.com" } });
    expect(second).toMatchObject({ domain: "new.example.com", leavingDomains: ["old.example.com"] });
    const spec = { ...before, google: second! };
    expect(change({ google: { domain: "newest.example.com" } }, { spec })).toMatchObject({
      leavingDomains: ["new.example.com", "old.example.com"],
    });
    expect(change({ google: { domain: "old.example.com" } }, { spec })).toMatchObject({
      domain: "old.example.com",
      leavingDomains: ["new.example.com"],
    });
    expect(change({ google: { domain: null } }, { spec })).toMatchObject({
      domain: null,
      leavingDomains: [],
    });
    expect(change({ ttlMinutes: 60 }, { spec })).toEqual(second);
    expect(change({ ttlMinutes: 60 }, { spec, isServed: true })).toEqual(second);
  });

  /** What it is when these domains went before. */
  const after = (domain: string, leavingDomains: string[]): Spec => ({
    ...before,
    google: { ...before.google!, domain, leavingDomains },
  });

  test("keeps no certificate older than that of a domain that answered", () => {
    const spec = after("new.example.com", ["old.example.com"]);
    expect(change({ google: { domain: "newest.example.com" } }, { spec, isServed: true })).toMatchObject({
      leavingDomains: ["new.example.com"],
    });
    expect(change({ google: { domain: "newest.example.com" } }, { spec, isMade: false })).toMatchObject({
      leavingDomains: [],
    });
  });

  test("drops no earlier domain while no later one answers, and says so at the eleventh", () => {
    const earlier = Array.from({ length: 10 }, (_, index) => `d${9 - index}.example.com`);
    const spec = after("d10.example.com", earlier);
    const eleventh = { google: { domain: "d11.example.com" } };
    expect(refused(eleventh, { spec })).toEqual(["google.domain"]);
    const [refusal] = leavingRefusals({
      domain: "d11.example.com",
      leavingDomains: ["d10.example.com", ...earlier],
    });
    expect(refusal?.message).toMatch(
      /^d10\.example\.com doesn't answer .* Wait until it answers, or take .*d0\.example\.com\.$/,
    );
    const answered = { spec, isServed: true };
    expect(change(eleventh, answered)?.leavingDomains).toEqual(["d10.example.com"]);
    const back = change({ google: { domain: "d0.example.com" } }, { spec });
    expect(back?.leavingDomains).toEqual(["d10.example.com", ...earlier.slice(0, -1)]);
    expect(change({ google: { logSampleRate: 0.5 } }, { spec })?.leavingDomains).toEqual(earlier);
  });
});
