import type { Context } from "#lib/context.ts";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { refuseIfLeaving } from "#lib/deployments/locked.ts";
import { googlePreviewOf } from "#lib/deployments/google-preview.ts";
import { standingOf } from "#lib/deployments/standing.ts";
import { nameTaken } from "#lib/deployments/name-taken.ts";
import { normalizeDeployment } from "#lib/deployments/normalize-spec.ts";
import { patchedInput, withTimeToLive } from "#lib/deployments/patch-spec.ts";
import { portProblems, portsDiffer } from "#lib/deployments/port-conflict.ts";
import { specOfPreview } from "#lib/deployments/seal-spec.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { archiveProblems } from "#lib/deployments/spec-archive.ts";
import { readSpec, toSpecView } from "#lib/deployments/to-view.ts";
import type { SpecView } from "#lib/deployments/view.ts";
import { notFound, SluiceError, type FieldError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { invalid } from "#lib/parse-input.ts";
import type { GkeLoadBalancer } from "#lib/targets/gke/load-balancer.ts";
import type { Price } from "#lib/targets/gke/price.ts";
import { diffPlan } from "#lib/targets/diff-plan.ts";
import { loadPlaces, placeOfDeployment } from "#lib/targets/load-places.ts";
import { planOf } from "#lib/targets/plan-of.ts";
import { placeWith, type Place } from "#lib/targets/place.ts";
import type { PlannedChange } from "#lib/targets/plan.ts";

/** What a self-signed certificate would be for is a matter of the endpoint's host. */
type PreviewContext = Context & { endpointHost?: string };

export type Preview = {
  /** with all defaults, as it would be stored */
  spec: SpecView;
  /** what would be created, changed, replaced, deleted or left as it is, in order */
  changes: PlannedChange[];
  /** of a deployment on Google Cloud; null elsewhere */
  google: GooglePreview | null;
};

export type GooglePreview = {
  /** by the hour, with what isn't known said */
  price: Price;
  loadBalancer: GkeLoadBalancer;
  /** why Google's load balancer alone can't route it, so that HAProxy does */
  lacks: string[];
};

/** As a form checks itself while it is filled in: problems, and the preview as soon as there can be one. */
export type DraftCheck = { problems: FieldError[]; preview: Preview | null };

/** A draft as a worker may work on it. Its spec has ids of secrets: not for people. */
export type Drafted = { deploymentId: string; isNew: boolean; place: Place; spec: Spec };
type Checked = DraftCheck & { drafted: Drafted | null };

/**
 * What would happen, without doing it: nothing is written and no engine runs.
 *
 * @param input `deploymentInput` for a new deployment; with `deployment` (an id or a name) beside them, the
 *   fields that would change of that one
 * @throws SluiceError as `createDeployment` and `updateDeployment` would
 */
export async function previewDeployment(ctx: PreviewContext, input: unknown): Promise<Preview> {
  return (await draftDeployment(ctx, input)).preview;
}

/** As `previewDeployment`, with what a worker needs to ask the engine itself. */
export async function draftDeployment(
  ctx: PreviewContext,
  input: unknown,
): Promise<{ preview: Preview; drafted: Drafted }> {
  const { problems, preview, drafted } = await check(ctx, input);
  const [first] = problems;
  if (first?.field === "name" && problems.length === 1 && preview) {
    throw new SluiceError("name_taken", first.message, { fields: problems });
  }
  if (problems.length > 0 || !preview || !drafted) throw invalid(problems);
  return { preview, drafted };
}

/**
 * Never throws for what was typed.
 *
 * @throws SluiceError `not_found` for a deployment that isn't there, `conflict` for one that is being torn down
 */
export async function checkDraft(ctx: PreviewContext, input: unknown): Promise<DraftCheck> {
  const { problems, preview } = await check(ctx, input);
  return { problems, preview };
}

async function check(ctx: PreviewContext, input: unknown): Promise<Checked> {
  const of = deploymentOf(input);
  try {
    return of === null ? await checkNew(ctx, input) : await checkChange(ctx, of.idOrName, of.patch);
  } catch (error) {
    if (error instanceof SluiceError && error.fields.length > 0)
      return { problems: error.fields, preview: null, drafted: null };
    throw error;
  }
}

async function checkNew(ctx: PreviewContext, input: unknown): Promise<Checked> {
  const wanted = normalizeDeployment(input, await loadPlaces(ctx));
  const { name, draft, place } = wanted;
  const problems: FieldError[] = [];
  if (
    await ctx.db.deployment.findFirst({ where: { name, status: { not: "destroyed" } }, select: { id: true } })
  ) {
    problems.push({ field: "name", message: nameTaken(name) });
  }
  const id = newId("dep");
  problems.push(...(await portProblems(ctx.db, draft.endpoint, id)));
  problems.push(...(await archiveProblems(ctx, id, draft, null)));
  return { problems, ...previewOf(id, null, await specOfPreview(ctx, id, wanted, null), place) };
}

async function checkChange(ctx: PreviewContext, idOrName: string, patch: unknown): Promise<Checked> {
  const id = await findDeploymentId(ctx, idOrName);
  const row = await ctx.db.deployment.findUnique({ where: { id } });
  const revision = await ctx.db.revision.findFirst({ where: { id: row?.revisionId ?? "" } });
  if (!row || !revision) throw notFound("deployment");
  await refuseIfLeaving(ctx.db, row);
  const before = readSpec(revision.spec);
  const place = placeWith(await placeOfDeployment(ctx, row), before);
  const patched = async () => {
    const input = patchedInput({ name: row.name, target: place.name }, before, patch);
    const standing = await standingOf(ctx.db, row, before);
    return specOfPreview(ctx, id, normalizeDeployment(input, [place], standing), before);
  };
  const spec = withTimeToLive(before, patch) ?? (await patched());
  const changed = portsDiffer(spec.endpoint, before.endpoint);
  const problems = changed ? await portProblems(ctx.db, spec.endpoint, id) : [];
  problems.push(...(await archiveProblems(ctx, id, spec, before)));
  return { problems, ...previewOf(id, before, spec, place) };
}

function previewOf(
  id: string,
  before: Spec | null,
  spec: Spec,
  place: Place,
): { preview: Preview; drafted: Drafted } {
  return {
    preview: {
      spec: toSpecView(spec),
      changes: diffPlan(before ? planOf(id, before, place) : [], planOf(id, spec, place)),
      google: googlePreviewOf(spec),
    },
    drafted: { deploymentId: id, isNew: before === null, place, spec },
  };
}

function deploymentOf(input: unknown): { idOrName: string; patch: unknown } | null {
  if (typeof input !== "object" || input === null || !("deployment" in input)) return null;
  const { deployment, ...patch } = input;
  if (typeof deployment !== "string")
    throw invalid([{ field: "deployment", message: "Must be an id or a name." }]);
  return { idOrName: deployment, patch };
}
