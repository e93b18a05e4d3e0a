import { mkdtemp } from "node:fs/promises";
import path from "node:path";
import { engineEnvironment, fencedStateUrl } from "#infra/engine/child-environment.ts";
import { raiseStackFence } from "#infra/postgres/stack-fence.ts";
import { newId } from "#lib/ids.ts";
import type { BenchPortal } from "./portal.ts";

/** Where a process of the reference works: a stack of its own, with the portal's state backend and CLI. */
export type BarePlace = {
  /** as a deployment's id */
  stackName: string;
  /** goes with the home of the bench's portal */
  workDir: string;
  /** folder of the CLI, which is in its `bin/` */
  cliRoot: string;
  /** the engine's environment */
  env: Record<string, string>;
};

const fence = 1;

/** @param runtimeSocket the local runtime's; null for a target that has none */
export async function barePlace(portal: BenchPortal, runtimeSocket: string | null): Promise<BarePlace> {
  const { cliRoot, home, run } = portal;
  const stackName = newId("dep");
  const workDir = await mkdtemp(path.join(home, "bare-"));
  await raiseStackFence(run.statePortalUrl, stackName, fence);
  const env = engineEnvironment(process.env, {
    cliPath: path.join(cliRoot, "bin/pulumi"),
    folder: workDir,
    stateUrl: fencedStateUrl(run.stateEngineUrl, fence),
    passphrase: "of no use but for this",
    operationId: newId("op"),
    deploymentId: stackName,
    fence,
    runtimeSocket,
  });
  return { stackName, workDir, cliRoot, env };
}
