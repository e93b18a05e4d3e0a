import { expect, test } from "vitest";
import { EngineError } from "#infra/engine/driver.ts";
import { explainPlugin } from "#infra/targets/gke/explain-plugin.ts";

const unknown = (...lines: string[]) => new EngineError("engine_failed", "It failed.", lines);
const explain = (...lines: string[]) => explainPlugin(unknown(...lines), "demo-proj");

// The plugin's words are those of Google's Terraform provider, with Google's own in them.
test.each([
  [
    "a quota",
    "* Error creating Network: googleapi: Error 403: Quota 'NETWORKS' exceeded.  Limit: 5.0 globally., quotaExceeded",
    "quota_exceeded",
    "Quota 'NETWORKS' exceeded",
  ],
  [
    "an API that isn't enabled",
    "Error creating Address: googleapi: Error 403: Compute Engine API has not been used in project 1 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/compute.googleapis.com/overview?project=1 then retry., accessNotConfigured",
    "api_disabled",
    "https://console.developers.google.com/apis/api/compute.googleapis.com/overview?project=1",
  ],
  [
    "a right",
    "Error creating Firewall: googleapi: Error 403: Required 'compute.firewalls.create' permission for 'projects/demo-proj/global/firewalls/x', forbidden",
    "target_refused",
    "compute.firewalls.create",
  ],
  [
    "a right that the program lacks",
    'Required "container.clusters.get" permission(s) for "projects/demo-proj/locations/us-central1-a/clusters/x".',
    "target_refused",
    "the right container.clusters.get in the project demo-proj. Give it the role",
  ],
  [
    "a right that is lacked in the cluster",
    'error: deployments.apps is forbidden: User "sluice@demo-proj.iam.gserviceaccount.com" cannot create resource "deployments" in API group "apps" in the namespace "x": requires one of ["container.deployments.create"] permission(s).',
    "target_refused",
    "lacks the right container.deployments.create in the project demo-proj.",
  ],
  [
    "a step that Google began and couldn't finish",
    "Error waiting to create Subnetwork: Error waiting for Creating Subnetwork: Google broke.",
    "engine_failed",
    "A step failed at Google (create Subnetwork): Google broke. A retry goes on from there.",
  ],
  [
    "a deletion that Google began and couldn't finish",
    "Error waiting for Deleting GlobalAddress: Google is having a bad moment",
    "engine_failed",
    "A step failed at Google (Deleting GlobalAddress): Google is having a bad moment. A retry goes on from there.",
  ],
  [
    "a name that is taken meanwhile",
    "Error creating Network: googleapi: Error 409: The resource 'projects/demo-proj/global/networks/x' already exists, alreadyExists",
    "name_taken",
    "already exists",
  ],
  [
    "a pool in error",
    "Error waiting for creating GKE NodePool: The zone has no machines.",
    "nodes_failed",
    "Google couldn't make the nodes: The zone has no machines.",
  ],
  [
    "a cluster in error",
    "Error waiting for creating GKE cluster: All cluster resources were brought up, but: only 0 nodes out of 1 have registered.",
    "nodes_failed",
    "Google couldn't make the cluster: All cluster resources were brought up, but: only 0 nodes",
  ],
  [
    "machines that are out of stock",
    "Error waiting for creating GKE NodePool: The zone 'projects/demo-proj/zones/us-central1-a' does not have enough resources available to fulfill the request.",
    "not_offered",
    "does not have enough resources",
  ],
  [
    "a project that isn't there",
    "Error creating Network: googleapi: Error 404: The resource 'projects/demo-proj' was not found, notFound",
    "target_refused",
    "Google finds no project demo-proj",
  ],
  [
    "a thing that isn't there",
    "Error creating Subnetwork: googleapi: Error 404: The resource 'projects/demo-proj/global/networks/x' was not found, notFound",
    "engine_failed",
    "Google refuses it (404): The resource 'projects/demo-proj/global/networks/x' was not found",
  ],
  [
    "Google that is away",
    "Error reading URLMap: googleapi: Error 503: The service is currently unavailable., backendError",
    "target_unreachable",
    "currently unavailable",
  ],
])("%s becomes a code and a sentence", (_what, line, code, words) => {
  const found = explain("1 error occurred:", `\t${line}`);
  expect(found.code).toBe(code);
  expect(found.message).toContain(words);
});

test("what has a code already, and what Google says nothing of, stays as it is", () => {
  const known = new EngineError("probe_failed", "It isn't well.", [
    "googleapi: Error 403: Quota 'X' exceeded.",
  ]);
  expect(explainPlugin(known, "demo-proj")).toBe(known);
  const other = unknown("panic: runtime error");
  expect(explainPlugin(other, "demo-proj")).toBe(other);
});
