import { spawn } from "node:child_process";
import { root } from "#infra/start/prepare.ts";
import type { Terminal } from "#infra/start/terminal.ts";

/** Runs one tool with its output as it comes. */
export function runStage(
  terminal: Terminal,
  name: string,
  args: string[],
  more: Record<string, string> = {},
): Promise<number> {
  terminal.say(`\n── ${name}`);
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...more },
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
