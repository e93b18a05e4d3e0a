// Runs on Node 20 with nothing installed: only Node's own modules, and no syntax newer than that.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** The Node that came with the packages, or null while they aren't installed. */
export function node26() {
  const file = path.join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  return existsSync(file) ? file : null;
}

/**
 * Becomes, as far as Node 20 can, the given script under Node 26: its output, its signals, its exit code.
 *
 * @param {string} script relative to the project's folder
 * @param {string[]} args
 */
export function become(script, args) {
  const node = node26();
  if (!node) {
    process.stderr.write("Sluice's packages aren't installed yet. Run `npm start` once (or `npm ci`).\n");
    process.exit(1);
  }
  const child = spawn(node, [path.join(root, script), ...args], {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`${node} can't be run: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
