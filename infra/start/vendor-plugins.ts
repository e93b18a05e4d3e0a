import { obtainGooglePlugin } from "#infra/tools/obtain-google-plugin.ts";
import { obtainKubernetesPlugin } from "#infra/tools/obtain-kubernetes-plugin.ts";
import { ToolError, type Obtaining, type Tool } from "#infra/tools/tool.ts";

/** How long the vendor's server may take for each, in milliseconds. */
const patienceMs = 120_000;

const plugins = { Kubernetes: obtainKubernetesPlugin, "Google Cloud": obtainGooglePlugin };

export type VendorPlugin = Tool & { title: string };

/**
 * The engine's plugins as their vendor hands them out, from PATH, from the cache, or from the vendor.
 *
 * @param options.searchPath a stand-in that is on it counts as the vendor's: leave it out
 * @throws ToolError that names each one that can't be had, and why
 */
export async function vendorPlugins(
  options: Obtaining & { searchPath: string; engine: string; timeoutMs?: number },
): Promise<VendorPlugin[]> {
  const found: VendorPlugin[] = [];
  const missing: string[] = [];
  for (const [title, obtain] of Object.entries(plugins)) {
    try {
      found.push({ title, ...(await obtain({ timeoutMs: patienceMs, ...options })) });
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      missing.push(error.message);
    }
  }
  if (missing.length > 0) throw new ToolError("unreachable", missing.join("\n"));
  return found;
}
