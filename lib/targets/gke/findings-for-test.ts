import type { ProjectFindings } from "#lib/targets/gke/findings.ts";
import { apiLink, neededApis, rights } from "#lib/targets/gke/rights.ts";

const region = "us-central1";
const zones = ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"];

/** What a check finds of a project that can do all. */
export function projectFindingsForTest(change: Partial<ProjectFindings> = {}): ProjectFindings {
  return {
    trouble: null,
    gaps: [],
    identity: "sluice@demo-proj.iam.gserviceaccount.com",
    project: { id: "demo-proj", number: "1", name: "Demo" },
    region,
    apis: Object.entries(neededApis).map(([name, title]) => ({
      name,
      title,
      enabled: true,
      link: apiLink(name, "demo-proj"),
    })),
    rights: rights.map(({ permissions: _permissions, ...right }) => ({ ...right, denied: [] })),
    quotas: [
      { metric: "CPUS", region, limit: 24, used: 4, asked: 3 },
      { metric: "NETWORKS", region: null, limit: 15, used: 1, asked: 1 },
    ],
    zones,
    machineTypes: [{ name: "n1-standard-1", cpus: 1, memoryMb: 3840, zones }],
    accelerators: [{ name: "nvidia-tesla-t4", title: "NVIDIA T4", most: 4, zones: zones.slice(0, 2) }],
    clusters: [
      {
        name: "shared",
        location: "us-central1-a",
        status: "RUNNING",
        version: "1.36.3-gke.1000000",
        zones: ["us-central1-a"],
        network: "projects/demo-proj/global/networks/default",
        podsRange: "10.4.0.0/14",
        morePodsRanges: [],
        problems: [],
      },
    ],
    nodeAccount: { email: "nodes@demo-proj.iam.gserviceaccount.com", exists: true, mayActAs: true },
    defaultAccount: { email: "1-compute@developer.gserviceaccount.com", exists: true, mayActAs: true },
    ...change,
  };
}
