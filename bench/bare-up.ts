import { text } from "node:stream/consumers";
import { localProgram } from "#infra/targets/local/program.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";
import type { BarePlace } from "./bare-place.ts";
import { bareStack } from "./bare-stack.ts";

/** What the process reads as JSON from its standard input. */
export type BareUp = BarePlace & { action: "up" | "destroy"; plan: PlannedResource[] };

/** What it writes to its standard output. */
export type BareUpResult = { upMs: number };

// The reference, in a process of its own as the portal's runner is: the same program, by the Automation API alone.
const given = JSON.parse(await text(process.stdin)) as BareUp;
const stack = await bareStack(given, localProgram(given.plan));
const started = performance.now();
if (given.action === "up") await stack.up();
else await stack.destroy({ remove: true });
process.stdout.write(JSON.stringify({ upMs: performance.now() - started } satisfies BareUpResult));
process.exit(0);
