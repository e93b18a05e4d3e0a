import { expect, test } from "vitest";
import { isOfGke, isOurs, type Own, type Thing } from "#lib/targets/gke/leftover-owner.ts";
import { descriptionOf, labelsOf } from "#lib/targets/gke/mark.ts";

const id = "dep-0123456789ab";
const name = `sluice-${id}`;
const other = "dep-0123456789ac";

test.each<[string, Thing, boolean]>([
  ["a label", { name, labels: labelsOf(id) }, true],
  ["a cluster's label", { name, resourceLabels: labelsOf(id) }, true],
  ["a description", { name: `${name}-http`, description: descriptionOf(id) }, true],
  ["a name alone", { name }, false],
  ["a copied label", { name: "somebody", labels: labelsOf(id) }, false],
  ["another's mark", { name, labels: labelsOf(other) }, false],
  ["a name that only begins alike", { name: `${name}x`, labels: labelsOf(id) }, false],
])("ours by name and mark: %s", (_what, thing, isSo) => {
  expect(isOurs(thing, id)).toBe(isSo);
});

const network = `https://www.googleapis.com/compute/beta/projects/p/global/networks/${name}`;
const named = (value: object) => JSON.stringify(value);
const all: Own = { hasNetwork: true, hasForeignCluster: false };

test.each<[string, Thing, Partial<Own>, boolean]>([
  [
    "a group of a Service",
    { name: `${name}-proxy`, description: named({ namespace: name, "service-name": "endpoint" }) },
    {},
    true,
  ],
  [
    "a forwarding rule of layer 4",
    { name: "a0", description: named({ "networking.gke.io/service-name": `${name}/endpoint` }) },
    {},
    true,
  ],
  [
    "a rule of an older controller",
    { name: "a0", description: named({ "kubernetes.io/service-name": `${name}/endpoint` }) },
    {},
    true,
  ],
  [
    "a disk of a claim",
    { name: "pvc-1", description: named({ "kubernetes.io/created-for/pvc/namespace": name }) },
    {},
    true,
  ],
  ["another namespace's", { name: "a0", description: named({ namespace: `${name}x` }) }, {}, false],
  [
    "another Service's",
    { name: "a0", description: named({ "kubernetes.io/service-name": "x/y" }) },
    {},
    false,
  ],
  ["a firewall in its own network", { name: "k8s-fw-1", network }, {}, true],
  ["a person's firewall in there", { name: "allow-ssh", network }, {}, false],
  [
    "a firewall in somebody's network of that name",
    { name: "k8s-fw-1", network },
    { hasNetwork: false },
    false,
  ],
  ["a firewall in another network", { name: "k8s-fw-1", network: `${network}x` }, {}, false],
  ["a machine of its own cluster", { name: "m", labels: { "goog-k8s-cluster-name": name } }, {}, true],
  [
    "machines' manager, whose name GKE cut short",
    { name: `gke-${name.slice(0, 20)}-pool-0a1b2c3d-grp` },
    { hasNetwork: false },
    true,
  ],
  [
    "another cluster's of a shorter name",
    { name: `gke-${name.slice(0, 19)}-pool` },
    { hasNetwork: false },
    false,
  ],
  ["a firewall of its own cluster", { name: `gke-${name}-0a1b2c3d-all` }, { hasNetwork: false }, true],
  [
    "a machine of somebody's cluster of that name",
    { name: `gke-${name}-pool-1`, labels: { "goog-k8s-cluster-name": name } },
    { hasForeignCluster: true },
    false,
  ],
  ["a description that is no JSON", { name: "x", description: "{oh" }, {}, false],
])("made by GKE for it: %s", (_what, thing, own, isSo) => {
  expect(isOfGke(thing, id, { ...all, ...own })).toBe(isSo);
});
