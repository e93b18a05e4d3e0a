import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import path from "node:path";

/**
 * Runs a file of this folder in a fresh Node process: JSON in by its standard input, JSON out.
 *
 * @throws Error with what the process said, if it fails
 */
export async function runChild<Result>(file: string, input: unknown): Promise<Result> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, file)], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(JSON.stringify(input));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [out, complaints, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${file} ended with ${code}: ${complaints}${out}`);
  return JSON.parse(out) as Result;
}
