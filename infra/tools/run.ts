import { spawn } from "node:child_process";
import { fetchingEnvironment, machineEnvironment } from "#infra/tools/environment.ts";

export type RunOptions = {
  cwd?: string;
  /** added to what the program gets of this process's environment: no key and no database's address is among it */
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** in milliseconds */
  timeout?: number;
  /** what it reads on standard input; nothing by default */
  input?: string;
  onLine?(line: string): void;
};

export type Ran = { code: number | null; output: string };

/**
 * Runs a program to its end, its output (both streams) as text. With `signal` or after `timeout` it is ended
 * with everything that it started.
 *
 * @throws the signal's reason; Error if the program can't be started
 */
export async function run(program: string, args: string[], options: RunOptions = {}): Promise<Ran> {
  const { cwd, env, timeout, onLine } = options;
  const signals = [options.signal, timeout === undefined ? undefined : AbortSignal.timeout(timeout)];
  const signal = AbortSignal.any(signals.filter((one) => one !== undefined));
  signal.throwIfAborted();
  const child = spawn(program, args, {
    cwd,
    env: {
      ...machineEnvironment(process.env),
      ...fetchingEnvironment(process.env),
      ...env,
    } as unknown as NodeJS.ProcessEnv, // Next's types want NODE_ENV in every environment
    stdio: ["pipe", "pipe", "pipe"],
    detached: true, // a group of its own, to be ended as one
  });
  // One that ends without having read it all is judged by its exit code.
  child.stdin.on("error", () => undefined).end(options.input);
  const end = () => {
    try {
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    } catch {
      // it ended by itself a moment ago
    }
  };
  signal.addEventListener("abort", end, { once: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-20_000);
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine?.(line);
    });
  }
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject).once("close", resolve);
    });
    signal.throwIfAborted();
    return { code, output: output.trim() };
  } finally {
    signal.removeEventListener("abort", end);
  }
}
