import type { EngineStep } from "#infra/engine/pulumi-look.ts";
import type { JobHandler } from "#infra/worker/job-loop.ts";
import { JobFailure } from "#infra/worker/job-loop.ts";
import { look, type LookContext } from "#infra/worker/look.ts";
import type { Engine } from "#infra/worker/loop.ts";
import { placeJob } from "#infra/worker/place-job.ts";
import {
  previewJobInput,
  type PreviewJobInput,
  type PreviewJobResult,
} from "#lib/deployments/preview-job.ts";
import type { TargetName } from "#lib/deployments/spec.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** Asks the engine, with the target's plugin, what would happen. */
export function previewJob(ctx: LookContext, engine: (kind: TargetName) => Engine | null): JobHandler {
  return async (_, job, signal) => {
    const input = previewJobInput.parse(job.input);
    const deployment = await deploymentOf(ctx, input);
    const at = { jobId: job.id, kind: "preview", deployment, spec: input.spec } as const;
    const looked = await look(ctx, engine(input.spec.target), at, signal);
    if (looked.kind !== "preview") throw new Error("A preview was asked for.");
    const { plan } = await placeJob(ctx, deployment, input.spec, false, () => "");
    const result: PreviewJobResult = { engine: "preview", changes: changesOf(looked.steps, plan) };
    return result;
  };
}

async function deploymentOf(ctx: LookContext, { deploymentId, isNew, targetId }: PreviewJobInput) {
  if (isNew) return { id: deploymentId, targetId, stackSecrets: null };
  const row = await ctx.db.deployment.findUnique({
    where: { id: deploymentId, status: { not: "destroyed" } },
    select: { id: true, targetId: true, stackSecrets: true },
  });
  if (!row) throw new JobFailure("The deployment was torn down meanwhile.");
  return row;
}

/** In the order of the plan, then what is deleted. */
function changesOf(steps: EngineStep[], plan: PlannedResource[]): PreviewJobResult["changes"] {
  const order = new Map(plan.map((one, index) => [resourceKey(one), index]));
  const summaries = new Map(plan.map((one) => [resourceKey(one), one.summary]));
  return steps
    .toSorted(
      (a, b) => (order.get(resourceKey(a)) ?? plan.length) - (order.get(resourceKey(b)) ?? plan.length),
    )
    .map(({ type, name, change, fields, replacedBy }) => {
      const summary = summaries.get(resourceKey({ type, name })) ?? `${type.split(":").at(-1)} ${name}`;
      const reason =
        change === "replace"
          ? `${(replacedBy.length > 0 ? replacedBy : fields).join(", ")} can't be changed in place: it is deleted, then made anew.`
          : null;
      return { type, name, change, summary, fields, ...(reason && { reason }) };
    });
}
