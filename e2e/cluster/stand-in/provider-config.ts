import { clusterDeclarations } from "#e2e/cluster/stand-in/declarations.ts";
import { checkInputs, unknownValue, type Problem } from "#e2e/stand-in/check-inputs.ts";
import { parseKubeconfig, type ClusterAccess } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

export type ProviderConfig = {
  access: ClusterAccess;
  upserts: boolean;
  /** takes over the fields that others have changed */
  forces: boolean;
  /** counts as deleted what is in a cluster that isn't reached */
  forgetsUnreachable: boolean;
};

type Inputs = Record<string, unknown>;

/** The SDK sends what isn't a string as JSON. */
function decoded(inputs: Inputs): Inputs {
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => name !== "version")
      .map(([name, value]) => [name, value === "true" ? true : value === "false" ? false : value]),
  );
}

/** Only a kubeconfig that was given counts: whatever this machine has of its own may lead to another cluster. */
export function checkConfig(inputs: Inputs): Problem[] {
  const problems = checkInputs(clusterDeclarations(), "args:provider", decoded(inputs));
  if (problems.length > 0) return problems;
  const { kubeconfig } = inputs;
  if (typeof kubeconfig !== "string" || kubeconfig === "") {
    const reason =
      "no kubeconfig was given: this stand-in falls back neither on KUBECONFIG nor on the one in the home folder";
    return [{ property: "kubeconfig", reason }];
  }
  // A preview of a cluster that isn't there yet: then the engine configures nothing with it.
  if (kubeconfig === unknownValue) return [];
  try {
    parseKubeconfig(kubeconfig, { now: new Date() });
    return [];
  } catch (error) {
    return [{ property: "kubeconfig", reason: error instanceof Error ? error.message : String(error) }];
  }
}

/** @throws Error for a configuration that `checkConfig` has something against */
export function readConfig(inputs: Inputs): ProviderConfig {
  const [problem] = checkConfig(inputs);
  if (problem) throw new Error(`kubernetes provider: ${problem.property}: ${problem.reason}`);
  const access = parseKubeconfig(inputs.kubeconfig as string, { now: new Date() });
  const { upsertExistingObjects, enableServerSideApply, enablePatchForce, deleteUnreachable } =
    decoded(inputs);
  if (enableServerSideApply === false) throw new Error("This stand-in applies by the server alone.");
  return {
    access,
    upserts: upsertExistingObjects === true,
    forces: enablePatchForce === true,
    forgetsUnreachable: deleteUnreachable === true,
  };
}

/** What differs, and what of it means another cluster, so that all in it is made anew. */
export function diffConfig(olds: Inputs, news: Inputs): { diffs: string[]; replaces: string[] } {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const diffs = names.filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]));
  const isIdentified = olds.clusterIdentifier !== undefined && news.clusterIdentifier !== undefined;
  if (isIdentified) return { diffs, replaces: diffs.filter((name) => name === "clusterIdentifier") };
  const serverOf = ({ kubeconfig }: Inputs) =>
    parseKubeconfig(String(kubeconfig), { now: new Date() }).server;
  const isMoved = diffs.includes("kubeconfig") && serverOf(olds) !== serverOf(news);
  return { diffs, replaces: isMoved ? ["kubeconfig"] : [] };
}
