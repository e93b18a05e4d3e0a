import type { Drafted, GivenGoogle } from "#lib/deployments/complete-google.ts";
import type { GoogleSpec } from "#lib/deployments/google-spec.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { FieldError } from "#lib/errors.ts";

const instead = "Make a new deployment with it, and tear this one down once that one answers.";

/**
 * What can't be changed of a deployment that is there, field by field: another cluster or network would be made anew,
 * which takes it away for minutes, and another layer has another address, which nobody knows. The runner refuses the
 * same by the plan (lib/targets/gke/refuse-loss.ts).
 *
 * @param before as it is
 */
export function googleChangeRefusals(
  { cluster }: GivenGoogle,
  { routing }: Pick<Drafted, "routing">,
  before: { google: GoogleSpec; routing: Pick<Spec["routing"], "layer"> },
): FieldError[] {
  const { google } = before;
  const problems: FieldError[] = [];
  const refuse = (field: string, what: string) =>
    problems.push({ field, message: `${what} can't be changed. ${instead}` });
  if (routing.layer !== before.routing.layer)
    refuse("routing.layer", "The layer, and with it the address, of a deployment on Google Cloud");
  if (cluster.mode !== google.cluster.mode) {
    refuse("google.cluster.mode", "The cluster of a deployment that is there");
    return problems;
  }
  if (cluster.mode === "existing" && google.cluster.mode === "existing") {
    if (cluster.name !== google.cluster.name)
      refuse("google.cluster.name", "The cluster of a deployment that is there");
    if (cluster.location !== google.location)
      refuse("google.cluster.location", "The place of a deployment that is there");
  }
  if (cluster.mode === "own" && google.cluster.mode === "own")
    if (!isSameNetwork(cluster.network ?? null, google.cluster.network))
      refuse("google.cluster.network", "The network of a cluster that is there");
  return problems;
}

type Network = Extract<GoogleSpec["cluster"], { mode: "own" }>["network"];

function isSameNetwork(one: Network, other: Network): boolean {
  if (one === null || other === null) return one === other;
  const names = ["network", "subnetwork", "podsRange", "servicesRange"] as const;
  return names.every((name) => one[name] === other[name]);
}
