import { run } from "#infra/tools/run.ts";

/**
 * Runs a tool to ask its version, which also proves that it runs here at all.
 *
 * @param args what makes it tell: `version`, `-v`
 * @returns the first dotted number in its answer; null if it doesn't run
 */
export async function versionOf(file: string, args: string[]): Promise<string | null> {
  const env = { PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true" };
  try {
    const { code, output } = await run(file, args, { env, timeout: 30_000 });
    return code === 0 ? (/\d+(?:\.\d+)+/.exec(output)?.[0] ?? null) : null;
  } catch {
    return null;
  }
}
