import { recordAudit } from "#lib/audit/record.ts";
import { requireAdmin } from "#lib/auth/require-user.ts";
import { publish } from "#lib/changes/publish.ts";
import type { SealingContext } from "#lib/context.ts";
import { newId } from "#lib/ids.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { parseInput } from "#lib/parse-input.ts";
import { seal } from "#lib/secrets/seal.ts";
import { getTarget } from "#lib/targets/get-target.ts";
import { readProject } from "#lib/targets/gke/register-project.ts";
import { readBoth } from "#lib/targets/read-both.ts";
import type { TargetView } from "#lib/targets/target-view.ts";
import { readKubeconfigInput, registerInput, toSettings } from "#lib/targets/target-input.ts";
import { refusingTakenName } from "#lib/targets/taken-name.ts";
import type { Prisma } from "#prisma/generated/client.ts";

/** What is stored of a target that is registered, and what the audit tells of it. */
export type NewTarget = {
  name: string;
  columns: Omit<Prisma.TargetUncheckedCreateInput, "id" | "name" | "createdById" | "createdAt">;
  audited: Prisma.InputJsonObject;
};

/**
 * Registers a cluster or a Google project, and has it checked. Of a kubeconfig or a key only what is needed is kept,
 * sealed; it is never shown again.
 *
 * @param input `registerInput` or, with kind `gke`, `registerProjectInput`, as it was sent
 * @throws SluiceError `invalid` with its fields, `name_taken`, or `forbidden` for who isn't an admin
 */
export async function registerTarget(ctx: SealingContext, input: unknown): Promise<TargetView> {
  requireAdmin(ctx.actor);
  const now = ctx.clock.now();
  const id = newId("tgt");
  const { name, columns, audited } = isProject(input)
    ? readProject(ctx, id, input)
    : readCluster(ctx, id, input, now);
  await refusingTakenName(name, () =>
    ctx.db.$transaction(async (tx) => {
      const createdById = ctx.actor.type === "user" ? ctx.actor.id : null;
      await tx.target.create({ data: { id, name, ...columns, createdById, createdAt: now } });
      await recordAudit(tx, ctx.actor, "target.register", id, audited, now);
      await requestJob(tx, { kind: "target.check", subjectId: id, actor: ctx.actor, now });
      await publish(tx, { topic: "targets" });
    }),
  );
  return getTarget(ctx, name);
}

function isProject(input: unknown): boolean {
  return typeof input === "object" && input !== null && "kind" in input && input.kind === "gke";
}

function readCluster(ctx: SealingContext, id: string, input: unknown, now: Date): NewTarget {
  const [given, { minimal, columns }] = readBoth(
    () => parseInput(registerInput, input),
    () => readKubeconfigInput(textAt(input, "kubeconfig"), textAt(input, "context"), now),
  );
  const { name, kubeconfig: _kubeconfig, context: _context, kind = "kubernetes", ...settings } = given;
  return {
    name,
    columns: {
      kind,
      settings: toSettings(settings),
      credentials: seal(ctx.sealingKey, id, minimal),
      ...columns,
    },
    audited: { name, server: columns.server },
  };
}

/** A text of what was sent; what is none the schema refuses. */
function textAt(input: unknown, field: "kubeconfig" | "context"): string {
  const given =
    typeof input === "object" && input !== null ? (input as Record<string, unknown>)[field] : undefined;
  return typeof given === "string" ? given : "";
}
