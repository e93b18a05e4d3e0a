import { findCredentials, type Credentials } from "#e2e/cloud/stand-in/credentials.ts";
import { cloudDeclarations } from "#e2e/cloud/stand-in/declarations.ts";
import { isLoopback } from "#e2e/cloud/stand-in/is-loopback.ts";
import { checkInputs, type Problem } from "#e2e/stand-in/check-inputs.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

export type ProviderConfig = {
  endpoints: { compute: string; container: string; storage: string };
  project: string | null;
  region: string | null;
  zone: string | null;
  /** what the plugin makes gets a label that says so */
  isAttributed: boolean;
  credentials: Credentials;
};

type Environment = Readonly<Record<string, string | undefined>>;

const endpointNames = {
  compute: "computeCustomEndpoint",
  container: "containerCustomEndpoint",
  storage: "storageCustomEndpoint",
} as const;

/** The SDK sends what isn't a string as JSON. */
function decoded(inputs: Fields): Fields {
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([name]) => name !== "version")
      .map(([name, value]) => {
        const isJson = typeof value === "string" && /^(true|false|[[{].*)$/s.test(value);
        return [name, isJson && name !== "credentials" ? (JSON.parse(value) as unknown) : value];
      }),
  );
}

/** Every API that the kinds call has to be given an address of this machine's: else the real one would be asked. */
export function checkConfig(inputs: Fields, environment: Environment): Problem[] {
  const given = decoded(inputs);
  const problems = checkInputs(cloudDeclarations(), "args:provider", given);
  if (problems.length > 0) return problems;
  const missing = Object.values(endpointNames).flatMap((property) => {
    const value = given[property];
    if (typeof value !== "string" || value === "") {
      return [{ property, reason: "it isn't given, and this stand-in never calls Google's own" }];
    }
    // The plugin's own rule: the address ends in the API's version.
    if (!/.*\/[^/]+\/$/.test(value)) return [{ property, reason: `"${value}" must end in a version and /` }];
    if (isLoopback(value)) return [];
    return [{ property, reason: `"${value}" isn't on this machine, and this stand-in calls no other` }];
  });
  if (missing.length > 0) return missing;
  try {
    findCredentials(given, environment);
    return [];
  } catch (error) {
    return [{ property: "credentials", reason: error instanceof Error ? error.message : String(error) }];
  }
}

/** @throws Error for a configuration that `checkConfig` has something against */
export function readConfig(inputs: Fields, environment: Environment): ProviderConfig {
  const [problem] = checkConfig(inputs, environment);
  if (problem) throw new Error(`gcp provider: ${problem.property}: ${problem.reason}`);
  const given = decoded(inputs);
  const place = (name: string, ...variables: string[]): string | null => {
    const found = given[name] ?? variables.map((variable) => environment[variable]).find(Boolean);
    return typeof found === "string" && found !== "" ? found : null;
  };
  const endpoint = (name: keyof typeof endpointNames) => given[endpointNames[name]] as string;
  return {
    endpoints: {
      compute: endpoint("compute"),
      container: endpoint("container"),
      storage: endpoint("storage"),
    },
    project: place("project", "GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"),
    region: place("region", "GOOGLE_REGION", "GCLOUD_REGION"),
    zone: place("zone", "GOOGLE_ZONE", "GCLOUD_ZONE"),
    isAttributed: given.addPulumiAttributionLabel !== false,
    credentials: findCredentials(given, environment),
  };
}

/** What differs; nothing of it means that things are made anew. */
export function diffConfig(olds: Fields, news: Fields): { diffs: string[]; replaces: string[] } {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  return {
    diffs: names.filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name])),
    replaces: [],
  };
}
