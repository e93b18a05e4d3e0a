import { lstat, mkdtemp, readdir, readlink, rm, stat } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeTar, type TarEntry } from "#e2e/cluster/write-tar.ts";

/** What a layer has at the absolute path `to`: a copy of a file or folder, a text, or an empty folder. */
export type Content =
  | {
      to: string;
      from: string;
      /** says no to files of a folder by their path in it */ only?(name: string): boolean;
    }
  | { to: string; text: string }
  | { to: string; folder: true; /** 0o755 if none is given */ mode?: number };

export type Image = {
  /** with a tag: `sluice.test/echo:1` */
  name: string;
  layers: Content[][];
  entrypoint: string[];
  /** arguments, where a pod gives none */
  command?: string[];
  env?: Record<string, string>;
  /** numeric, `USER:GROUP`: what a pod that must not run as root is judged by */
  user: string;
  workingFolder?: string;
  /** what asks its program to end; SIGTERM if none is given */
  stopSignal?: string;
};

/** Node's name for the processor → the registry's. */
const architectures: Record<string, string> = { x64: "amd64", arm64: "arm64" };

/**
 * Builds a container image as `docker save` would write it, without a container engine or a registry. The same
 * content gives the same image.
 *
 * @param file the tar to write
 */
export async function buildImage(image: Image, file: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-image-"));
  try {
    const layers: { name: string; digest: string; path: string }[] = [];
    for (const [index, contents] of image.layers.entries()) {
      const layer = path.join(folder, String(index));
      const digest = await writeTar(layer, await entriesOf(contents));
      layers.push({ name: `${digest}/layer.tar`, digest, path: layer });
    }
    const config = JSON.stringify(
      configOf(
        image,
        layers.map(({ digest }) => `sha256:${digest}`),
      ),
    );
    const configName = `${createHash("sha256").update(config).digest("hex")}.json`;
    const manifest = [{ Config: configName, RepoTags: [image.name], Layers: layers.map(({ name }) => name) }];
    const entries: TarEntry[] = [
      { kind: "text", name: configName, mode: 0o644, text: config },
      { kind: "text", name: "manifest.json", mode: 0o644, text: JSON.stringify(manifest) },
    ];
    for (const layer of layers) {
      const { size } = await stat(layer.path);
      entries.push({ kind: "file", name: layer.name, mode: 0o644, path: layer.path, size });
    }
    await writeTar(file, entries);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function configOf(image: Image, digests: string[]): object {
  return {
    architecture: architectures[process.arch] ?? process.arch,
    os: "linux",
    created: "1970-01-01T00:00:00Z",
    config: {
      Entrypoint: image.entrypoint,
      Cmd: image.command,
      Env: Object.entries(image.env ?? {}).map(([name, value]) => `${name}=${value}`),
      User: image.user,
      WorkingDir: image.workingFolder ?? "/",
      StopSignal: image.stopSignal,
    },
    rootfs: { type: "layers", diff_ids: digests },
    history: digests.map(() => ({ created: "1970-01-01T00:00:00Z" })),
  };
}

/** The entries of a layer, by name, each after the folders it lies in. */
async function entriesOf(contents: Content[]): Promise<TarEntry[]> {
  const found = new Map<string, TarEntry>();
  const add = (entry: TarEntry) => {
    const parts = entry.name.split("/");
    for (let depth = 1; depth < parts.length; depth++) {
      const name = parts.slice(0, depth).join("/");
      if (!found.has(name)) found.set(name, { kind: "folder", name, mode: 0o755 });
    }
    found.set(entry.name, entry);
  };
  for (const content of contents) {
    const name = content.to.replace(/^\//, "");
    if ("text" in content) add({ kind: "text", name, mode: 0o644, text: content.text });
    else if ("folder" in content) add({ kind: "folder", name, mode: content.mode ?? 0o755 });
    // What is named itself is wanted, whatever link it is reached by.
    else if ((await stat(content.from)).isFile()) add(await fileEntry(content.from, name));
    else for (const entry of await entriesBelow(content.from, name, content.only ?? (() => true))) add(entry);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function entriesBelow(
  folder: string,
  name: string,
  only: (name: string) => boolean,
): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  for (const inFolder of await readdir(folder, { recursive: true })) {
    if (!only(inFolder)) continue;
    const [source, target] = [path.join(folder, inFolder), `${name}/${inFolder}`];
    const kind = await lstat(source);
    if (kind.isSymbolicLink())
      entries.push({ kind: "link", name: target, mode: 0o777, target: await readlink(source) });
    else if (kind.isFile()) entries.push(await fileEntry(source, target));
  }
  return entries;
}

async function fileEntry(source: string, name: string): Promise<TarEntry> {
  const { size, mode } = await stat(source);
  return { kind: "file", name, mode: mode & 0o111 ? 0o755 : 0o644, path: source, size };
}
