import type { Control, TestProject } from "#e2e/cloud/portal/control.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import type { PortalApi } from "#e2e/portal/api.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

export type BenchProject = TestProject & {
  /** its name in the portal */
  target: string;
  imagePrefix: string;
};

/** Quotas of a project are for a few deployments; here are more. */
const plenty: [string, string | null][] = [
  ["CPUS_ALL_REGIONS", null],
  ["NETWORKS", null],
  ["CPUS", "us-central1"],
  ["SSD_TOTAL_GB", "us-central1"],
  ["IN_USE_ADDRESSES", "us-central1"],
];

/** A Google project in the model, registered in the portal and ready. */
export async function registerProject(
  api: PortalApi,
  cloud: Control,
  imagePrefix: string,
): Promise<BenchProject> {
  const project = await cloud.addProject("bench-project");
  for (const [metric, region] of plenty) await cloud.setQuota(project.id, region, metric, 100_000);
  const target = "bench";
  const { status, body } = await api.send("POST", "/targets", {
    kind: "gke",
    name: target,
    project: project.id,
    location: "us-central1-a",
    key: JSON.stringify(project.key),
    nodeServiceAccount: project.nodes,
    imagePrefix,
  });
  if (status !== 201) throw new Error(`The project wasn't registered: ${JSON.stringify(body)}`);
  await waitUntil("the project to be ready", async () => {
    const { body: view } = await api.send<TargetView>("GET", `/targets/${target}`);
    if (view.project?.state === "ready" && !view.project.checking && view.available) return true;
    throw new Error(JSON.stringify(view, null, 1));
  });
  return { ...project, target, imagePrefix };
}
