import { nameInUrn } from "#infra/engine/name-in-urn.ts";
import { declaredInputs } from "#infra/engine/declared-inputs.ts";
import { openStack, runEngine, type PulumiStackOptions } from "#infra/engine/pulumi-driver.ts";
import { changeOf } from "#infra/engine/translate-events.ts";
import { watchProgram } from "#infra/engine/watch-program.ts";
import type { Change } from "#lib/operations/events.ts";
import { isPlannedType, type PlannedResource } from "#lib/targets/plan.ts";

type Inputs = Record<string, unknown>;

/** What the engine would do to one resource. */
export type EngineStep = {
  type: string;
  name: string;
  change: Change;
  /** the inputs that differ, for an update or a replacement */
  fields: string[];
  /** those of them that can't be changed in place */
  replacedBy: string[];
};

/** One resource that the engine knows of: what was declared, and what is there. */
export type EngineSeen = {
  type: string;
  name: string;
  declared: Inputs;
  /** null: it isn't there any more */
  live: Inputs | null;
};

export type EngineLook = {
  /**
   * What `up` would do, worked out by the engine with the target's plugin.
   *
   * @param looksFirst it looks at what is there before it compares, instead of believing its memory
   * @throws EngineError
   */
  preview(plan: PlannedResource[], signal: AbortSignal, looksFirst?: boolean): Promise<EngineStep[]>;
  /** All that the stack has, read anew. @throws EngineError */
  read(signal: AbortSignal): Promise<EngineSeen[]>;
};

/** What is read of the engine's events about a step. */
type StepMetadata = {
  op: string;
  urn: string;
  type: string;
  diffs?: string[] | null;
  keys?: string[] | null;
  detailedDiff?: Record<string, unknown> | null;
  old?: { inputs?: Inputs } | null;
  new?: { outputs?: Inputs } | null;
};
type RawStep = {
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
};

/**
 * The real engine, to look with: neither kind of look takes the stack's lock or writes its state.
 *
 * @param options.isNew the stack is made first: only for one in a state of its own that is thrown away
 */
export async function pulumiLook(options: Omit<PulumiStackOptions, "runsAtDestroy">): Promise<EngineLook> {
  const { cli, workspace, stack } = await openStack(options);

  const watch = async (
    signal: AbortSignal,
    work: (told: { onEvent(event: unknown): void; signal: AbortSignal }) => Promise<unknown>,
  ) => {
    const steps: RawStep[] = [];
    const run = { signal, onEvent: () => {} };
    await runEngine(cli, run, options.patienceMs, ({ onEvent }) =>
      work({
        signal,
        onEvent(event) {
          steps.push(event as RawStep);
          onEvent(event);
        },
      }),
    );
    return steps;
  };

  return {
    async preview(plan, signal, looksFirst = false) {
      const program = watchProgram(options.program(plan, () => {}));
      const steps = await watch(signal, async (told) => {
        if (options.isNew) await workspace.createStack(options.name);
        // With the program, or it would be read with the credentials of the last change.
        const looking = looksFirst ? { refresh: true, runProgram: true } : {};
        await stack.preview({ program: program.run, ...looking, ...told, color: "never" });
      });
      program.assertDeclared("Nothing was changed. Look again.");
      return stepsOf(steps.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []));
    },
    async read(signal) {
      // The program runs for today's credentials alone; what it doesn't declare is read all the same.
      workspace.program = options.program([], () => {});
      const steps = await watch(signal, (told) =>
        stack.previewRefresh({ runProgram: true, ...told, color: "never" }),
      );
      return seenIn(steps.flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? []));
    },
  };
}

function stepsOf(steps: StepMetadata[]): EngineStep[] {
  const found = new Map<string, EngineStep>();
  for (const { op, urn, type, diffs, keys, detailedDiff } of steps) {
    const change = changeOf[op];
    if (!change || !isPlannedType(type)) continue;
    // Of the steps of a replacement, the one that makes it anew says it all.
    if (found.get(urn)?.change === "replace") continue;
    const differing = diffs ?? Object.keys(detailedDiff ?? {}).map((path) => path.split(/[.[]/)[0] ?? path);
    const isChanged = change === "update" || change === "replace";
    found.set(urn, {
      type,
      name: nameInUrn(urn),
      change,
      fields: isChanged ? [...new Set(differing)].sort() : [],
      replacedBy: change === "replace" ? [...new Set(keys ?? [])].sort() : [],
    });
  }
  return [...found.values()];
}

function seenIn(steps: StepMetadata[]): EngineSeen[] {
  return steps
    .filter(({ type }) => isPlannedType(type))
    .map(({ type, urn, op, old, new: now }) => ({
      type,
      name: nameInUrn(urn),
      declared: declaredInputs(old?.inputs ?? {}),
      live: op === "delete" ? null : (now?.outputs ?? {}),
    }));
}
