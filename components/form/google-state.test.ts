import { describe, expect, it } from "vitest";
import { form } from "#components/form/form-for-test.ts";
import { googleStateOf, newGoogle } from "#components/form/google-state.ts";
import { toGoogle } from "#components/form/to-google.ts";
import { googleInput, type GoogleSpec } from "#lib/deployments/google-spec.ts";
import { existingClusterForTest } from "#lib/targets/gke/forms-for-test.ts";

const own: GoogleSpec["cluster"] = {
  mode: "own",
  machineType: "n1-standard-4",
  minNodes: 2,
  maxNodes: 6,
  spot: true,
  gpu: { type: "nvidia-tesla-t4", count: 2 },
  releaseChannel: "STABLE",
  network: { network: "lab", subnetwork: "lab", podsRange: "lab-pods", servicesRange: "lab-services" },
};
const google: GoogleSpec = {
  location: "us-central1-a",
  zones: ["us-central1-a"],
  cluster: own,
  domain: "model.example.com",
  leavingDomains: ["old.example.com"],
  staticContent: { prefix: "/files", archive: "arc-0123456789ab" },
  logSampleRate: 0.07,
  maxRatePerEndpoint: 250,
};
const sentBack = (of: GoogleSpec) =>
  toGoogle(form({ google: googleStateOf(of), tlsMode: of.domain === null ? "none" : "google" }));

describe("a deployment's own section", () => {
  it("comes back as it was stored", () => {
    const { cluster, domain, staticContent, logSampleRate, maxRatePerEndpoint } = google;
    expect(sentBack(google)).toEqual({ cluster, domain, staticContent, logSampleRate, maxRatePerEndpoint });
  });

  it("names an existing cluster by its place and its name", () => {
    const cluster = existingClusterForTest;
    expect(sentBack({ ...google, cluster }).cluster).toEqual({
      mode: "existing",
      name: "shared",
      location: "us-central1-a",
    });
  });
});

describe("what is sent of a new form", () => {
  const sent = (change: Partial<typeof newGoogle>, of: Parameters<typeof form>[0] = {}) =>
    toGoogle(form({ ...of, google: { ...newGoogle, ...change } }));

  it("is taken as it opens: the origin's three nodes", () => {
    expect(googleInput.parse(sent({})).cluster).toMatchObject({
      mode: "own",
      machineType: "n1-standard-1",
      minNodes: 3,
      spot: false,
    });
  });

  it("asks for the other names of a network of which one is given", () => {
    const problems = googleInput.safeParse(sent({ network: "lab" })).error?.issues;
    expect(problems?.map(({ path }) => path.join("."))).toEqual([
      "cluster.network.subnetwork",
      "cluster.network.podsRange",
      "cluster.network.servicesRange",
    ]);
  });

  it("has no default in the place of a number that was emptied", () => {
    expect(googleInput.safeParse(sent({ minNodes: "" })).success).toBe(false);
  });

  it("keeps the domain to itself while another certificate is chosen", () => {
    expect(sent({ domain: "a.example.com" }, { tlsMode: "given" }).domain).toBeNull();
    expect(sent({ domain: "a.example.com" }, { tlsMode: "google" }).domain).toBe("a.example.com");
  });

  it("says nothing of requests where none is read", () => {
    expect(sent({ logPercent: "seven" }, { layer: "4" })).not.toHaveProperty("logSampleRate");
  });
});
