import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };

const command = path.join(import.meta.dirname, "images-command.ts");
const names = ["sentiment", "ocr"].map((id) => `registry.example/team/sluice-${id}:${packageJson.version}`);

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), "sluice-images-test-"))));
afterEach(() => rm(folder, { recursive: true }));

/** Puts a program on the command's PATH that writes down its arguments, one line a call, and may fail. */
async function builder(name: string, script = ""): Promise<void> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\necho "$@" >> "${folder}/calls"\n${script}\n`);
  await chmod(file, 0o755);
}

async function images(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [command, ...args], {
    env: { PATH: folder, HOME: folder, DOCKER_HOST: "unix:///there", SLUICE_KEY: "secret" } as never,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, out, err };
}

const calls = async () => (await readFile(path.join(folder, "calls"), "utf8")).trimEnd().split("\n");

test("each model is built from its own folder and pushed, and the names are what standard output has", async () => {
  await builder("podman");
  const { code, out } = await images("registry.example/team/");
  expect(code).toBe(0);
  expect(out.trimEnd().split("\n")).toEqual(names);
  const [info, ...steps] = await calls();
  expect(info).toBe("info");
  expect(steps).toHaveLength(4);
  expect(steps[0]).toMatch(
    /^build --file \S+\/infra\/images\/Dockerfile --build-arg ENTRY=infra\/models\/sentiment\/main\.ts --tag /,
  );
  expect([steps[1], steps[3]]).toEqual(names.map((name) => `push ${name}`));
});

test("BuildKit's own command builds and pushes in one step", async () => {
  await builder("buildctl");
  expect((await images("registry.example/team")).code).toBe(0);
  const [probe, first] = await calls();
  expect(probe).toBe("debug workers");
  expect(first).toContain(`type=image,name=${names[0]},push=true`);
});

test("one that can't build now is passed over, and it is told where its daemon is, but no secret", async () => {
  await builder("docker", "exit 1");
  await builder("podman", `echo "$DOCKER_HOST $SLUICE_KEY" > "${folder}/environment"`);
  expect((await images("registry.example/team")).code).toBe(0);
  expect(await readFile(path.join(folder, "environment"), "utf8")).toBe("unix:///there \n");
});

test("with nothing that builds, it says what to install", async () => {
  const none = await images("registry.example/team");
  expect(none).toMatchObject({ code: 1, out: "" });
  expect(none.err).toContain("Install one of these: docker, podman, nerdctl, buildctl.");
  await builder("docker", "echo no daemon; exit 1");
  const broken = await images("registry.example/team");
  expect(broken.code).toBe(1);
  expect(broken.err).toContain("docker: no daemon");
});

test("a push that fails ends it, with what was said", async () => {
  await builder("docker", '[ "$1" != push ] || { echo "denied: sign in"; exit 1; }');
  const { code, out, err } = await images("registry.example/team");
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toContain(`docker push failed for ${names[0]}:\ndenied: sign in`);
});

test("it explains itself, and refuses what is no prefix", async () => {
  expect(await images("--help")).toMatchObject({
    code: 0,
    out: expect.stringContaining("npm run images -- PREFIX"),
  });
  expect(await images()).toMatchObject({ code: 1, err: expect.stringContaining("npm run images -- PREFIX") });
  const wrong = await images("https://registry.example");
  expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining("no https://") });
});
