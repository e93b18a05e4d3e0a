import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, afterEach, expect, test, vi } from "vitest";
import { startTimeOf } from "#infra/processes/start-time.ts";
import {
  kubernetesPlugin,
  kubernetesPluginVersion as version,
  obtainKubernetesPlugin,
} from "#infra/tools/obtain-kubernetes-plugin.ts";
import { versionNotKnown } from "#infra/tools/obtain-plugin.ts";

const root = path.resolve(import.meta.dirname, "../..");

let folder: string;
let said: string[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-plugin-"));
  said = [];
});
afterEach(() => rm(folder, { recursive: true }));

/** A program in the engine's place, which is asked to install. */
async function engine(lines: string): Promise<string> {
  return program(path.join(folder, "pulumi"), lines);
}

async function program(file: string, lines = "true"): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${lines}\n`);
  await chmod(file, 0o755);
  return file;
}

const obtain = (by: string, change: { searchPath?: string; timeoutMs?: number; signal?: AbortSignal } = {}) =>
  obtainKubernetesPlugin({
    cache: path.join(folder, "cache"),
    searchPath: "",
    engine: by,
    signal: new AbortController().signal,
    onProgress: (step) => void said.push(step),
    ...change,
  });
const cached = () =>
  path.join(folder, `cache/pulumi-plugins/plugins/resource-kubernetes-v${version}`, kubernetesPlugin);

const onPath = async () => obtain(await engine("exit 1"), { searchPath: path.join(folder, "bin") });

test("one on PATH is taken with the version that it says itself, and nothing is installed", async () => {
  const serving = path.join(folder, "serving.ts");
  await writeFile(
    serving,
    `import { serveProvider } from ${JSON.stringify(path.join(root, "e2e/stand-in/serve-provider.ts"))};
     import { unary } from ${JSON.stringify(path.join(root, "e2e/stand-in/answers.ts"))};
     import { PluginInfo } from ${JSON.stringify(path.join(root, "e2e/stand-in/protocol.ts"))};
     const info = new PluginInfo();
     info.setVersion("v4.19.1");
     await serveProvider({ getPluginInfo: unary(() => info) });`,
  );
  const there = await program(
    path.join(folder, "bin", kubernetesPlugin),
    `[ $# = 0 ] && echo $$ > ${folder}/pid && exec "${process.execPath}" ${serving}`,
  );
  expect(await onPath()).toEqual({ path: there, version: "4.19.1", source: "path" });
  expect(said).toEqual([]);
  const pid = Number(await readFile(path.join(folder, "pid"), "utf8"));
  await vi.waitUntil(() => startTimeOf(pid) === null);
});

test.each(["true", "echo 1234567", "echo usage; exit 2", "echo 1"])(
  "one on PATH that doesn't say its version (%s) is taken, and that it isn't known is said",
  async (lines) => {
    const there = await program(path.join(folder, "bin", kubernetesPlugin), lines);
    expect(await onPath()).toEqual({ path: there, version: versionNotKnown, source: "path" });
  },
);

test("nor does one that isn't a program of this machine's", async () => {
  const there = await program(path.join(folder, "bin", kubernetesPlugin));
  await writeFile(there, "#!/no/such/interpreter\n");
  expect(await onPath()).toMatchObject({ version: versionNotKnown });
});

test("the engine is asked for exactly this version, once", async () => {
  const installs = await engine(
    `[ "$*" = "plugin install resource kubernetes ${version}" ] || exit 1
     d="$PULUMI_HOME/plugins/resource-kubernetes-v${version}"; mkdir -p "$d"; echo > "$d/${kubernetesPlugin}"`,
  );
  expect(await obtain(installs)).toEqual({ path: cached(), version, source: "download" });
  expect(said).toEqual(["Downloading Pulumi's plugin for Kubernetes"]);
  expect(await obtain(await engine("exit 1"))).toEqual({ path: cached(), version, source: "cache" });
});

test("why it can't be had is said in the engine's words, with what to do", async () => {
  const fails = await engine(`echo "error: could not reach the server" >&2; exit 1`);
  await expect(obtain(fails)).rejects.toMatchObject({
    reason: "unreachable",
    message: expect.stringMatching(/on PATH\.\nerror: could not reach the server/) as string,
  });
  await expect(obtain(await engine("sleep 60"), { timeoutMs: 200 })).rejects.toMatchObject({
    reason: "unreachable",
  });
});

test("a worker that stops doesn't wait for it", async () => {
  const stopping = new AbortController();
  const obtaining = obtain(await engine("sleep 60"), { signal: stopping.signal });
  stopping.abort(new Error("It stops."));
  await expect(obtaining).rejects.toThrow("It stops.");
});
