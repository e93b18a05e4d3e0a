import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildImage, type Image } from "#e2e/cluster/build-image.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-image-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const deep = `${"a-folder-with-a-long-name/".repeat(5)}file`;

async function imageOf(name: string): Promise<Image> {
  const source = path.join(folder, name);
  await mkdir(path.join(source, path.dirname(deep)), { recursive: true });
  await writeFile(path.join(source, deep), "deep");
  await writeFile(path.join(source, "program"), "#!/bin/sh\n", { mode: 0o700 });
  await writeFile(path.join(source, "left-out.map"), "{}");
  await symlink("program", path.join(source, "other-name"));
  return {
    name: "example.test/image:1",
    layers: [
      [{ to: "/tmp", folder: true, mode: 0o1777 }],
      [
        { to: "/app", from: source, only: (file) => !file.endsWith(".map") },
        { to: "/etc/passwd", text: "nobody:x:1:1::/:\n" },
      ],
    ],
    entrypoint: ["/app/program"],
    env: { PORT: "8080" },
    user: "1:1",
  };
}

const tar = (...args: string[]) => execFileSync("tar", args, { encoding: "utf8", maxBuffer: 1 << 24 });

test("an image is what docker save writes: a manifest, a configuration, and each layer under its digest", async () => {
  const file = path.join(folder, "image.tar");
  await buildImage(await imageOf("source"), file);
  const [manifest] = JSON.parse(tar("-xOf", file, "manifest.json")) as [
    { Config: string; RepoTags: string[]; Layers: string[] },
  ];
  expect(manifest.RepoTags).toEqual(["example.test/image:1"]);
  const config = JSON.parse(tar("-xOf", file, manifest.Config)) as {
    config: object;
    rootfs: { diff_ids: string[] };
  };
  expect(config.config).toMatchObject({ Entrypoint: ["/app/program"], Env: ["PORT=8080"], User: "1:1" });
  expect(config.rootfs.diff_ids.map((id) => `${id.replace("sha256:", "")}/layer.tar`)).toEqual(
    manifest.Layers,
  );

  execFileSync("tar", ["-xf", file, "-C", folder]);
  const listing = (layer: string) => tar("-tvf", path.join(folder, layer), "--numeric-owner").split("\n");
  expect(listing(manifest.Layers[0]!)[0]).toMatch(/^drwxrwxrwt 0\/0 .* tmp\/$/);
  const lines = listing(manifest.Layers[1]!);
  expect(lines.find((line) => line.endsWith(` app/${deep}`))).toMatch(/^-rw-r--r-- 0\/0 +4 1970-01-01/);
  expect(lines.find((line) => line.endsWith(" app/program"))).toMatch(/^-rwxr-xr-x/);
  expect(lines.some((line) => line.endsWith(" app/other-name -> program"))).toBe(true);
  expect(lines.some((line) => line.includes("left-out"))).toBe(false);
});

test("the same content gives the same image, whenever and wherever it was written", async () => {
  const [first, second] = [path.join(folder, "1.tar"), path.join(folder, "2.tar")];
  await buildImage(await imageOf("one"), first);
  const image = await imageOf("two");
  await utimes(path.join(folder, "two/program"), 1, 1);
  await buildImage(image, second);
  expect((await readFile(first)).equals(await readFile(second))).toBe(true);
});
