import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { vendorPlugins } from "#infra/start/vendor-plugins.ts";
import { googlePlugin, googlePluginVersion } from "#infra/tools/obtain-google-plugin.ts";
import { kubernetesPlugin } from "#infra/tools/obtain-kubernetes-plugin.ts";
import { versionNotKnown } from "#infra/tools/obtain-plugin.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), "sluice-vendor-"))));
afterEach(() => rm(folder, { recursive: true }));

async function program(name: string, lines: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\n${lines}\n`);
  await chmod(file, 0o755);
  return file;
}

/** With an engine that reaches no vendor. */
const obtain = async () =>
  vendorPlugins({
    cache: path.join(folder, "cache"),
    searchPath: folder,
    engine: await program("pulumi", 'echo "error: no way to the server" >&2; exit 1'),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });

test("both are there, and each is named with where it is from", async () => {
  const kubernetes = await program(kubernetesPlugin, "true");
  const google = await program(googlePlugin, "true");
  expect(await obtain()).toEqual([
    { title: "Kubernetes", path: kubernetes, version: versionNotKnown, source: "path" },
    { title: "Google Cloud", path: google, version: versionNotKnown, source: "path" },
  ]);
});

test("one of them isn't enough: the other is named, with what to do and what the engine said", async () => {
  await program(kubernetesPlugin, "true");
  const refusal = obtain();
  await expect(refusal).rejects.toThrow(
    `Pulumi's plugin for Google Cloud ${googlePluginVersion} can't be downloaded.`,
  );
  await expect(refusal).rejects.toThrow(`put ${googlePlugin} on PATH.\nerror: no way to the server`);
  await expect(refusal).rejects.not.toThrow("plugin for Kubernetes");
});

test("where there is none, both are named", async () => {
  const refusal = obtain();
  await expect(refusal).rejects.toThrow("plugin for Kubernetes");
  await expect(refusal).rejects.toThrow("plugin for Google Cloud");
});
