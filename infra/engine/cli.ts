import { spawn } from "node:child_process";
import type { LocalWorkspaceOptions } from "@pulumi/pulumi/automation/index.js";

type PulumiCommand = NonNullable<LocalWorkspaceOptions["pulumiCommand"]>;
type Result = { stdout: string; stderr: string; code: number };
type Listener = ((text: string) => void) | undefined;

/** The CLI ended with an error, which `stderr` tells. */
export class CliError extends Error {
  readonly stderr: string;

  constructor(args: string[], result: Result) {
    super(`pulumi ${args.slice(0, 2).join(" ")} ended with ${result.code}`);
    this.name = "CliError";
    this.stderr = `${result.stderr}\n${result.stdout}`.trim();
  }
}

/** What the Automation API asks the CLI only to fill in its own answers: a second of each operation. */
const unneeded: { args: string; answer: string }[] = [
  { args: "stack output", answer: "{}" }, // the program hands over its outputs itself
  { args: "stack history", answer: "[]" }, // the events tell what was done
  { args: "stack select", answer: "" }, // every command names its stack
];

export type EngineCli = {
  /** for the Automation API's option `pulumiCommand` */
  command: PulumiCommand;
  /** Ends a command that doesn't stop by itself, and what it started. */
  kill(): void;
};

/**
 * Runs the CLI for the Automation API, in place of the SDK's own PulumiCommand, which would hand on this
 * process's whole environment and can't be stopped by force. SDK and CLI are pinned to one release, so that
 * this may rely on how the SDK calls it.
 *
 * @param options.env the whole environment of the CLI, but for the flags that the SDK adds
 */
export function engineCli(options: {
  path: string;
  version: unknown;
  env: Record<string, string>;
}): EngineCli {
  const running = new Set<number>();

  const run = async (
    args: string[],
    cwd: string,
    added: Record<string, string>,
    onOutput: Listener,
    onError: Listener,
    signal?: AbortSignal,
  ): Promise<Result> => {
    const known = unneeded.find((call) => args.slice(0, 2).join(" ") === call.args);
    if (known) return { stdout: known.answer, stderr: "", code: 0 };
    const extra = args.slice(0, 2).join(" ") === "stack init" ? ["--no-select"] : [];
    const child = spawn(options.path, [...args, ...extra, "--non-interactive"], {
      cwd,
      // Next's types want NODE_ENV in every environment; the engine has no use for it.
      env: { ...options.env, ...added } as unknown as NodeJS.ProcessEnv,
      // A group of its own: a Ctrl-C in the terminal must not reach it, a second interrupt would cut it short.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { pid } = child;
    if (pid) running.add(pid);
    const stop = () => void child.kill("SIGINT");
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    try {
      const result = await collect(child, onOutput, onError);
      if (result.code === 0) return result;
      throw new CliError(args, result);
    } finally {
      signal?.removeEventListener("abort", stop);
      if (pid) running.delete(pid);
    }
  };

  return {
    command: { command: options.path, version: options.version, run } as unknown as PulumiCommand,
    kill() {
      for (const pid of running) process.kill(-pid, "SIGKILL");
    },
  };
}

function collect(child: ReturnType<typeof spawn>, onOutput: Listener, onError: Listener): Promise<Result> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    onOutput?.(text);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onError?.(text);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({ stdout, stderr: signal ? `${stderr}\n${signal}` : stderr, code: code ?? 1 }),
    );
  });
}
