"use server";

import { requireUser } from "#lib/auth/require-user.ts";
import type { SealingContext } from "#lib/context.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { destroyDeployment } from "#lib/deployments/destroy.ts";
import { repairDeployment, requestDrift } from "#lib/deployments/drift.ts";
import { createEndpointKey, revokeEndpointKey } from "#lib/deployments/endpoint-keys.ts";
import { forgetDeployment } from "#lib/deployments/forget.ts";
import { checkDraft, previewDeployment } from "#lib/deployments/preview.ts";
import { requestPreview } from "#lib/deployments/request-preview.ts";
import { retryDeployment } from "#lib/deployments/retry.ts";
import type { ChangeInput, DeploymentInput, SpecInput } from "#lib/deployments/spec.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { readJob } from "#lib/jobs/read-job.ts";
import { cancel } from "#lib/operations/cancel.ts";
import { defineAction } from "#lib/web/define-action.ts";
import { once } from "#lib/web/idempotency.ts";

type Made = { id: string; name: string };

const createOnce = defineAction(
  async (ctx: SealingContext, input: DeploymentInput, key: string): Promise<Made> => {
    const request = `form ${JSON.stringify(input)}`;
    const { body } = await once(ctx, requireUser(ctx.actor).id, key, request, async (noted) => {
      const { id, name } = await createDeployment(noted, input);
      return { status: 201, body: { id, name } };
    });
    return body as Made;
  },
);

/** Creates what the form holds; asked again with the same key and input, it answers with the first one. */
export async function createDeploymentOnce(input: DeploymentInput, idempotencyKey: string) {
  return createOnce(input, idempotencyKey);
}

const checkNew = defineAction(async (ctx, input: DeploymentInput) => {
  const { problems } = await checkDraft(ctx, input);
  return { problems };
});

/** What only the server knows to be wrong with the form. */
export async function checkNewDeployment(input: DeploymentInput) {
  return checkNew(input);
}

const preview = defineAction(async (ctx, deploymentId: string, patch: SpecInput) => {
  const { changes } = await previewDeployment(ctx, { ...patch, deployment: deploymentId });
  return { changes };
});

/** What would change, without doing it. */
export async function previewChange(deploymentId: string, patch: SpecInput) {
  return preview(deploymentId, patch);
}

const ask = defineAction(async (ctx, input: EngineInput) => {
  const { job } = await requestPreview(ctx, input);
  return { jobId: job?.id ?? null };
});

type EngineInput = DeploymentInput | (SpecInput & { deployment: string });

/** Asks the engine of a cluster what would happen. */
export async function askEngine(input: EngineInput) {
  return ask(input);
}

const readPreviewJob = defineAction(readJob);

export async function readPreview(jobId: string) {
  return readPreviewJob(jobId);
}

const update = defineAction(async (ctx, deploymentId: string, patch: ChangeInput) => {
  const { operation } = await updateDeployment(ctx, deploymentId, patch);
  return { operationId: operation.id };
});

export async function changeDeployment(deploymentId: string, patch: ChangeInput) {
  return update(deploymentId, patch);
}

const destroy = defineAction(async (ctx, deploymentId: string) => {
  const { id } = await destroyDeployment(ctx, deploymentId);
  return { operationId: id };
});

export async function tearDown(deploymentId: string) {
  return destroy(deploymentId);
}

const forgetAction = defineAction(async (ctx: SealingContext, deploymentId: string) => {
  const { id } = await forgetDeployment(ctx, deploymentId);
  return { id };
});

export async function forget(deploymentId: string) {
  return forgetAction(deploymentId);
}

const look = defineAction(async (ctx, deploymentId: string) => {
  await requestDrift(ctx, deploymentId);
  return null;
});

export async function lookForDrift(deploymentId: string) {
  return look(deploymentId);
}

const repairAction = defineAction(async (ctx, deploymentId: string) => {
  const { id } = await repairDeployment(ctx, deploymentId);
  return { operationId: id };
});

export async function repair(deploymentId: string) {
  return repairAction(deploymentId);
}

const retryAction = defineAction(async (ctx, deploymentId: string) => {
  const { id } = await retryDeployment(ctx, deploymentId);
  return { operationId: id };
});

export async function retry(deploymentId: string) {
  return retryAction(deploymentId);
}

const cancelAction = defineAction(async (ctx, operationId: string) => {
  const { id } = await cancel(ctx, { operationId });
  return { operationId: id };
});

export async function cancelOperation(operationId: string) {
  return cancelAction(operationId);
}

const createKey = defineAction(createEndpointKey);

export async function makeEndpointKey(deploymentId: string, name: string) {
  return createKey(deploymentId, { name });
}

const revokeKey = defineAction(revokeEndpointKey);

export async function endEndpointKey(deploymentId: string, keyId: string) {
  return revokeKey(deploymentId, keyId);
}
