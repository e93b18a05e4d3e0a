import { EngineError } from "#infra/engine/driver.ts";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { readComputeProject, readRegion } from "#infra/google/read-places.ts";
import { planNeeds, quotaLink, shortageInWords, shortages } from "#lib/targets/gke/quota.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/**
 * Looks whether the project may have what a plan takes beside what is there.
 *
 * @param asked.cpus of one node of the pool, where it is to be made
 * @throws EngineError `quota_exceeded` that says what is asked and what is left
 */
export async function checkQuotas(
  api: GoogleApi,
  asked: {
    plan: readonly PlannedResource[];
    settings: GkeSettings;
    cpus: number;
    isThere: (key: string) => boolean;
  },
  signal: AbortSignal,
): Promise<void> {
  const { plan, settings, cpus, isThere } = asked;
  const { project, region } = settings;
  const [ofProject, ofRegion] = await Promise.all([
    readComputeProject(api, { project, signal }),
    readRegion(api, region, { project, signal }),
  ]);
  if (!ofRegion) throw new EngineError("not_offered", `Google has no region ${region}.`);
  const quotas = [...ofProject.quotas, ...ofRegion.quotas];
  const short = shortages(planNeeds(plan, settings, { cpus, quotas, isThere }), quotas);
  if (short.length === 0) return;
  throw new EngineError(
    "quota_exceeded",
    `The project may not have so much. ${short.map(shortageInWords).join("; ")}. Ask Google for more (${quotaLink(project)}), choose fewer or smaller nodes under Settings, or tear down what isn't used; then retry.`,
  );
}
