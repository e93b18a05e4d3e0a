import { labelsOf } from "#lib/targets/gke/mark.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import { marked, planned, type Parts } from "#lib/targets/gke/plan/parts.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** The label that says which archive a bucket's files are from: another one changes it, so that a plan shows it. */
export const contentLabel = "sluice-content";

/** A bucket of its own that anyone may read, and Google's way to it. Whoever runs the plan puts the files in. */
export function planStaticContent(parts: Parts): PlannedResource[] {
  const { deploymentId, settings } = parts;
  const { staticContent, region } = settings;
  if (!staticContent) return [];
  const { bucket: name, prefix, fingerprint } = staticContent;
  const bucket = planned(parts, gkeTypes.bucket, "static", "The static files", {
    name,
    location: region.toUpperCase(),
    uniformBucketLevelAccess: true,
    publicAccessPrevention: "inherited",
    // Files of earlier archives and those that are left at the end go for good.
    forceDestroy: true,
    softDeletePolicy: { retentionDurationSeconds: 0 },
    website: { mainPageSuffix: "index.html" },
    labels: { ...labelsOf(deploymentId), [contentLabel]: fingerprint },
  });
  const reader: PlannedResource = {
    type: gkeTypes.bucketReader,
    name: "static",
    summary: "Anyone may read the static files, without a key",
    inputs: { bucket: name, role: "roles/storage.objectViewer", member: "allUsers" },
    dependsOn: [resourceKey(bucket)],
  };
  const backend = planned(
    parts,
    gkeTypes.backendBucket,
    "static",
    `Google's way to the static files, under ${prefix}`,
    {
      name: mainName(deploymentId),
      description: marked(parts).description,
      bucketName: name,
      enableCdn: false,
    },
    [bucket],
  );
  return [bucket, reader, backend];
}
