import { spawn } from "node:child_process";
import { root } from "#infra/start/prepare.ts";
import type { Terminal } from "#infra/start/terminal.ts";

/** Runs one tool with its output as it comes, and says how long it took. */
export function runStage(
  terminal: Terminal,
  name: string,
  args: string[],
  more: Record<string, string> = {},
): Promise<number> {
  terminal.say(`\n── ${name}`);
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...more },
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      terminal.say(`── ${name}: ${Math.round((performance.now() - started) / 1000)} s`);
      resolve(code ?? 1);
    });
  });
}
