import path from "node:path";

/** How processes of an operation are found again after their runner was killed. */
export const operationMarker = "SLUICE_OPERATION";
export const deploymentMarker = "SLUICE_DEPLOYMENT";

const providerFolder = path.resolve(import.meta.dirname, "../local-runtime/provider");

/** Of the worker's own environment a child may see these, and nothing else: no address, no key. */
const inherited = ["PATH", "TMPDIR", "LANG", "LC_ALL", "TZ", "NODE_COMPILE_CACHE"];

/** What was set for what a runner does. */
const runnerSettings = ["SLUICE_START_SECONDS", "SLUICE_GOOGLE_SETTLE_SECONDS"];

function inheritedFrom(
  source: Record<string, string | undefined>,
  names: readonly string[] = inherited,
): Record<string, string> {
  const picked = names.map((name) => [name, source[name]] as const);
  return Object.fromEntries(picked.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** The environment of a runner: it gets all it needs to know in messages. */
export function runnerEnvironment(source: Record<string, string | undefined>): Record<string, string> {
  return inheritedFrom(source, [...inherited, ...runnerSettings]);
}

/**
 * The environment of the engine, which hands it on to each plugin. So it holds nothing but what the engine
 * needs: the state's address, as a role that has rights on the state alone, and the stack's own passphrase.
 */
export function engineEnvironment(
  source: Record<string, string | undefined>,
  run: {
    cliPath: string;
    /** where plugins are, beside ours and those of PATH */
    pluginFolders?: string[];
    folder: string;
    stateUrl: string;
    passphrase: string;
    operationId: string;
    deploymentId: string;
    fence: number;
    /** the local runtime's; null for a target that has none */
    runtimeSocket: string | null;
  },
): Record<string, string> {
  const base = inheritedFrom(source);
  const home = path.join(run.folder, "home");
  return {
    ...base,
    PATH: [providerFolder, path.dirname(run.cliPath), ...(run.pluginFolders ?? []), base.PATH]
      .filter(Boolean)
      .join(":"),
    HOME: home,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: run.stateUrl,
    PULUMI_CONFIG_PASSPHRASE: run.passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_LOG_ROTATION_MAX_TOTAL_MB: "5",
    // Its copies of each state are never deleted; one export per operation is kept instead.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    PULUMI_AUTOMATION_API: "true",
    [operationMarker]: run.operationId,
    [deploymentMarker]: run.deploymentId,
    SLUICE_FENCE: String(run.fence),
    ...(run.runtimeSocket !== null && { SLUICE_RUNTIME_SOCKET: run.runtimeSocket }),
    SLUICE_NODE: process.execPath,
    SLUICE_PROVIDER: path.join(providerFolder, "main.ts"),
  };
}

/**
 * The state's address with the fence in it: the engine's own connection carries it to the trigger that refuses
 * the writes of an older attempt. A file address (tests) has no such thing.
 */
export function fencedStateUrl(stateUrl: string, fence: number): string {
  if (!stateUrl.startsWith("postgres")) return stateUrl;
  const url = new URL(stateUrl);
  url.searchParams.set("sluice.fence", String(fence));
  return url.href;
}
