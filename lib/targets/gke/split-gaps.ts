import { usableClusters, type ProjectFindings, type Trouble } from "#lib/targets/gke/findings.ts";
import { gapsOf } from "#lib/targets/gke/gaps.ts";
import { isAlwaysNeeded } from "#lib/targets/gke/project-offers.ts";

/**
 * Of what is missing in a project: what stops every deployment, and what some can do without. The accounts of nodes stop
 * all where no cluster is there that could be used instead.
 */
export function splitGaps(found: ProjectFindings): { blocking: Trouble[]; others: Trouble[] } {
  const { nodeAccount, defaultAccount } = found;
  const needsOwn = usableClusters(found).length === 0;
  const stopping = gapsOf({
    ...found,
    apis: found.apis.filter(({ name }) => isAlwaysNeeded(name)),
    rights: found.rights?.filter(({ need }) => need === "always") ?? null,
    quotas: null,
    nodeAccount: needsOwn ? nodeAccount : null,
    defaultAccount: needsOwn ? defaultAccount : null,
  });
  const messages = new Set(stopping.map(({ message }) => message));
  const blocks = ({ message }: Trouble) => messages.has(message);
  return { blocking: found.gaps.filter(blocks), others: found.gaps.filter((gap) => !blocks(gap)) };
}
