import * as z from "zod";
import { targetNames } from "#lib/deployments/spec.ts";
import { clusterFound, projectFindings } from "#lib/targets/gke/findings.ts";
import { projectSettings } from "#lib/targets/gke/project-settings.ts";
import { findings } from "#lib/targets/kubernetes/findings.ts";
import { targetSettings } from "#lib/targets/target-input.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

const time = z.string().meta({ format: "date-time" });

const offers = z.object({
  version: z.string().nullable(),
  nodes: z.int().nullable(),
  largestPod: z.object({ cpuMillis: z.number(), memoryBytes: z.number(), gpus: z.number() }).nullable(),
  gatewayClasses: z.array(z.string()),
  autoscaling: z.boolean(),
  loadBalancers: z.boolean(),
  publicHost: z.string().nullable(),
  imagePrefix: z.string().nullable(),
});

const detail = z.object({
  server: z.string(),
  contextName: z.string(),
  settings: targetSettings,
  credentialsExpireAt: time.nullable(),
  deployments: z.int(),
  findings: findings.nullable(),
});

const projectOffers = z.object({
  project: z.string(),
  region: z.string(),
  location: z.string(),
  zones: z.array(z.string()).nullable(),
  machineTypes: z.array(z.object({ name: z.string(), cpus: z.number(), memoryMb: z.number() })).nullable(),
  accelerators: z.array(z.object({ name: z.string(), title: z.string(), most: z.number() })).nullable(),
  clusters: z.array(clusterFound.omit({ status: true })),
  ownClusterRefusal: z.string().nullable(),
  staticContentRefusal: z.string().nullable(),
});

const projectView = z.object({
  id: z.string(),
  state: z.enum(["unchecked", "ready", "trouble"]),
  trouble: z.string().nullable(),
  checking: z.boolean(),
  offers: projectOffers.nullable(),
  imagePrefix: z.string().nullable(),
  detail: z
    .object({ settings: projectSettings, deployments: z.int(), findings: projectFindings.nullable() })
    .nullable(),
});

/** What the REST API answers of a target. */
export const targetView = z.object({
  name: z.string(),
  kind: z.enum(targetNames),
  title: z.string(),
  does: z.string(),
  refusal: z.string().nullable(),
  imageRefusal: z.string().nullable(),
  available: z.boolean(),
  reason: z.string().nullable(),
  checkedAt: time.nullable(),
  /** of a registered cluster; `detail` is for admins */
  cluster: z
    .object({
      id: z.string(),
      state: z.enum(["unchecked", "ready", "trouble"]),
      trouble: z.string().nullable(),
      checking: z.boolean(),
      offers: offers.nullable(),
      detail: detail.nullable(),
    })
    .nullable(),
  /** of a registered Google project; `detail` is for admins */
  project: projectView.nullable(),
}) satisfies z.ZodType<TargetView>;
