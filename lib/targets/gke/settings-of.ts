import type { GoogleSpec } from "#lib/deployments/google-spec.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { globalLink, regionalLink } from "#lib/targets/gke/links.ts";
import { staticBucketName } from "#lib/targets/gke/names.ts";
import type { ProjectSettings } from "#lib/targets/gke/project-settings.ts";
import { regionOf } from "#lib/targets/gke/region-of.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { settingsOf as clusterSettingsOf } from "#lib/targets/kubernetes/settings-of.ts";

/** What of a project's settings a deployment's program depends on. */
export type OfProject = Pick<ProjectSettings, "project" | "nodeServiceAccount" | "imagePrefix">;

/**
 * What the program of the `gke` target needs beside the spec, all but HAProxy's configuration. Where things are was
 * written down when it was chosen, so that a change of the target moves nothing.
 *
 * @throws SluiceError `conflict` for a built-in model where there is no image prefix
 * @throws Error for a spec that says nothing of Google
 */
export function settingsOf(
  deploymentId: string,
  spec: Spec,
  { project, nodeServiceAccount, imagePrefix }: OfProject,
): Omit<GkeSettings, "proxy"> {
  const { google } = spec;
  if (!google) throw new Error("A deployment on Google Cloud has to say what it has there.");
  const { variants, pullSecretFingerprint, streamLimitSeconds } = clusterSettingsOf(spec, { imagePrefix });
  const { location, zones, domain, leavingDomains, staticContent } = google;
  const region = regionOf(location);
  return {
    project,
    region,
    location,
    zones,
    cluster: clusterOf(google.cluster, project, region),
    nodeServiceAccount: nodeServiceAccount ?? "",
    domain: domain === null ? null : { name: domain, leaving: leavingDomains },
    staticContent: staticContent && {
      bucket: staticBucketName(deploymentId),
      prefix: staticContent.prefix,
      fingerprint: staticContent.archive,
    },
    logSampleRate: google.logSampleRate,
    maxRatePerEndpoint: google.maxRatePerEndpoint,
    variants,
    pullSecretFingerprint,
    streamLimitSeconds,
  };
}

/** Names become links: which project and region they are of is the target's to say. */
function clusterOf(cluster: GoogleSpec["cluster"], project: string, region: string): GkeSettings["cluster"] {
  if (cluster.mode === "existing") return cluster;
  const { network } = cluster;
  return {
    ...cluster,
    network: network && {
      network: globalLink(project, "networks", network.network),
      subnetwork: regionalLink(project, region, "subnetworks", network.subnetwork),
      podsRangeName: network.podsRange,
      servicesRangeName: network.servicesRange,
    },
  };
}
