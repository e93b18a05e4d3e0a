import { text } from "node:stream/consumers";
import { parallelSteps } from "#infra/engine/pulumi-driver.ts";
import { projectApi } from "#infra/google/project-api.ts";
import { gkeProgram } from "#infra/targets/gke/program.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { WorkerCredentials } from "#lib/targets/gke/credentials.ts";
import { planGke } from "#lib/targets/gke/plan.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import type { BarePlace } from "../bare-place.ts";
import { bareStack } from "../bare-stack.ts";

/** What the process reads as JSON from its standard input. */
export type BareGke = BarePlace & {
  action: "up" | "destroy";
  spec: Spec;
  settings: GkeSettings;
  credentials: WorkerCredentials;
  googleEndpoint: string;
};

/** What it writes to its standard output. */
export type BareGkeResult = { engineMs: number };

// The reference, in a process of its own as the portal's runner is: the same program, by the Automation API alone.
const given = JSON.parse(await text(process.stdin)) as BareGke;
const { action, stackName, spec, settings } = given;
const { api, overridden } = projectApi({ ...given, project: settings.project });
const programOf = gkeProgram({
  deploymentId: stackName,
  spec,
  settings,
  secrets: { env: {} },
  api,
  endpoints: overridden,
  imports: new Map(),
  putFiles: null,
  onAddress: () => undefined,
  signal: new AbortController().signal,
  settleMs: 0,
});
// A tear-down needs the program's hooks and providers, and nothing of its plan.
const program = programOf(action === "up" ? planGke(stackName, spec, settings) : []);
const stack = await bareStack(given, program);
const started = performance.now();
if (action === "up") await stack.up({ parallel: parallelSteps });
else await stack.destroy({ runProgram: true, remove: true });
process.stdout.write(JSON.stringify({ engineMs: performance.now() - started } satisfies BareGkeResult));
process.exit(0);
