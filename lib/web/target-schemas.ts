import * as z from "zod";
import { targetNames } from "#lib/deployments/spec.ts";
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
}) satisfies z.ZodType<TargetView>;
