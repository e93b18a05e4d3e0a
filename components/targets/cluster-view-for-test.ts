import { findingsForTest } from "#lib/targets/kubernetes/findings-for-test.ts";
import type { Findings } from "#lib/targets/kubernetes/findings.ts";
import { reasonAgainst, type ClusterView, type TargetView } from "#lib/targets/target-view.ts";

/** A cluster as an admin sees it after a check that found this. */
export function clusterViewForTest(found: Partial<Findings> = {}): ClusterView {
  const findings = findingsForTest(found);
  const trouble = reasonAgainst(findings);
  return {
    id: "target-1",
    state: trouble ? "trouble" : "ready",
    trouble,
    checking: false,
    offers: null,
    detail: {
      server: "https://203.0.113.7:6443",
      contextName: "admin@prod",
      settings: { publicHost: null, imagePrefix: null, proxyImage: null },
      credentialsExpireAt: null,
      deployments: 0,
      findings,
    },
  };
}

/** The target that this cluster is. */
export function targetViewForTest(cluster: ClusterView): TargetView {
  const reason = cluster.trouble;
  return {
    name: "prod",
    kind: "kubernetes",
    title: "prod",
    does: "Replicas are pods in a namespace of their own on this cluster.",
    refusal: null,
    imageRefusal: null,
    available: reason === null,
    reason,
    checkedAt: null,
    cluster,
    project: null,
  };
}
