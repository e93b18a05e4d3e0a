import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, Stack, type PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { CliError, engineCli, type EngineCli } from "#infra/engine/cli.ts";
import { EngineError, type EngineRun, type EngineStack, type EngineState } from "#infra/engine/driver.ts";
import { outputLines } from "#infra/engine/output-lines.ts";
import { useOwnConnections } from "#infra/engine/own-connections.ts";
import type { StackSecrets } from "#infra/engine/stack-secrets.ts";
import { translateError } from "#infra/engine/translate-errors.ts";
import { eventTranslator, type RawEvent } from "#infra/engine/translate-events.ts";
import { watchProgram } from "#infra/engine/watch-program.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

export const projectName = "sluice";

export type PulumiStackOptions = {
  cliPath: string;
  cliVersion: string;
  /** the deployment's id */
  name: string;
  /** work folder, a cache: made here, gone with `remove` */
  folder: string;
  secrets: StackSecrets;
  /** the whole environment of the CLI: child-environment.ts */
  env: Record<string, string>;
  program(plan: PlannedResource[], onRegistered: () => void): PulumiFn;
  /** the program runs at a tear-down too: its plugin needs today's credentials, not those of the last change */
  runsAtDestroy: boolean;
  /** the stack was never made: saves asking */
  isNew: boolean;
  /** how long an aborted engine may take to stop by itself, in milliseconds */
  patienceMs: number;
};

/**
 * How many steps the engine takes at a time. Its own default is four for each core, but some wait for each other: at
 * Google each variant's pods, its Service and its backend service are under way together until all of them are ready.
 */
export const parallelSteps = 64;

/** A stack as the Automation API has it, its work folder written from what is stored. Nothing is made by it. */
export async function openStack(
  options: Pick<PulumiStackOptions, "cliPath" | "cliVersion" | "name" | "folder" | "secrets" | "env">,
): Promise<{ cli: EngineCli; workspace: LocalWorkspace; stack: Stack }> {
  const { name, folder } = options;
  useOwnConnections();
  await mkdir(path.join(folder, "home"), { recursive: true, mode: 0o700 });
  // JSON is YAML: no quoting of our own. `main` only has to be a folder that is there.
  await writeFile(path.join(folder, "Pulumi.yaml"), JSON.stringify({ name: projectName, runtime: "nodejs" }));
  await writeFile(
    path.join(folder, `Pulumi.${name}.yaml`),
    JSON.stringify({ encryptionsalt: options.secrets.salt }),
    { mode: 0o600 },
  );
  const cli = engineCli({ path: options.cliPath, version: options.cliVersion, env: options.env });
  const workspace = await LocalWorkspace.create({
    workDir: folder,
    pulumiCommand: cli.command,
    secretsProvider: "passphrase",
  });
  return { cli, workspace, stack: await Stack.select(name, workspace) };
}

/** The real engine: the Pulumi CLI by the Automation API. */
export async function pulumiStack(options: PulumiStackOptions): Promise<EngineStack> {
  const { name, folder } = options;
  const { cli, workspace, stack } = await openStack(options);
  let mayBeMissing = true;
  let isRemoved = false;
  const create = async () => {
    await workspace.createStack(name).catch((error: unknown) => {
      if (!says(error, /already exists/)) throw error;
    });
    mayBeMissing = false;
  };

  return {
    async up(plan, run) {
      let outputs: Record<string, unknown> = {};
      const program = watchProgram(options.program(plan, run.onRegistered));
      const withOutputs: PulumiFn = async () => {
        const declared = (await program.run()) as Record<string, unknown>;
        pulumi.output(declared).apply((values) => void (outputs = values));
        return declared;
      };
      await runEngine(cli, run, options.patienceMs, async (told) => {
        if (options.isNew && mayBeMissing) await create();
        // With the program, or it would be read with the credentials of the last change.
        const looksFirst = run.looksFirst ? { refresh: true, runProgram: true } : {};
        const up = () =>
          stack.up({ program: withOutputs, parallel: parallelSteps, ...looksFirst, ...told, color: "never" });
        await up().catch(async (error: unknown) => {
          if (!says(error, noStack)) throw error;
          await create();
          await up();
        });
      });
      program.assertDeclared(
        "It may have taken away what was there. A retry makes that anew, perhaps at another address.",
      );
      return outputs;
    },
    async destroy(run) {
      const { runsAtDestroy: runProgram } = options;
      if (runProgram) workspace.program = options.program([], () => {});
      await runEngine(cli, run, options.patienceMs, (told) =>
        stack.destroy({ ...told, runProgram, color: "never" }).catch((error: unknown) => {
          if (!says(error, noStack)) throw error;
        }),
      );
    },
    async exportState() {
      if (isRemoved) return null;
      try {
        return (await stack.exportStack()) as EngineState;
      } catch (error) {
        if (says(error, noStack)) return null;
        throw translateError(error, [], false);
      }
    },
    async importState(state) {
      await stack
        .importStack({ version: state.version, deployment: state.deployment })
        .catch((error: unknown) => {
          throw translateError(error, [], false);
        });
    },
    async unlock() {
      await stack.cancel().catch((error: unknown) => {
        if (!says(error, noStack)) throw translateError(error, [], false);
      });
    },
    async remove() {
      await workspace.removeStack(name).catch((error: unknown) => {
        if (!says(error, noStack)) throw translateError(error, [], false);
      });
      isRemoved = true;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const noStack = /no stack named .* found/;

/** Whether a run failed because the stack isn't there. */
export function isNoStack(error: unknown): boolean {
  return error instanceof EngineError && says(error.cause, noStack);
}

function says(error: unknown, pattern: RegExp): boolean {
  return error instanceof CliError && pattern.test(error.stderr);
}

/** Runs one command with its events in order; ends it by force if it doesn't stop when it was told to. */
export async function runEngine(
  cli: EngineCli,
  run: EngineRun,
  patienceMs: number,
  work: (told: {
    onEvent(event: unknown): void;
    onOutput(text: string): void;
    signal: AbortSignal;
  }) => Promise<unknown>,
): Promise<void> {
  if (run.signal.aborted) throw new EngineError("cancelled", "It was cancelled.");
  const translator = eventTranslator();
  const output = outputLines(run.onEvent);
  let force: NodeJS.Timeout | undefined;
  const onAbort = () => {
    force = setTimeout(() => cli.kill(), patienceMs);
  };
  run.signal.addEventListener("abort", onAbort, { once: true });
  try {
    await work({
      onEvent: (event) => translator.push(event as RawEvent).forEach(run.onEvent),
      onOutput: output.push,
      signal: run.signal,
    }).finally(() => {
      translator.rest().forEach(run.onEvent);
      output.end();
    });
  } catch (error) {
    throw translateError(error, translator.errors, run.signal.aborted);
  } finally {
    clearTimeout(force);
    run.signal.removeEventListener("abort", onAbort);
  }
}
