import path from "node:path";
import { buildImage, type Content, type Image } from "#e2e/cluster/build-image.ts";
import { pauseImage } from "#e2e/cluster/container-runtime.ts";
import { searchPath } from "#e2e/cluster/obtain-packages.ts";
import { modelFiles } from "#infra/images/model-files.ts";
import { run } from "#infra/tools/run.ts";
import { modelPort } from "#lib/models/image-of.ts";

/** A user that is nobody on the node. */
const nobody = "65532:65532";

/** What is common to images that have no system below their program. */
const bare: Content[] = [
  { to: "/etc/passwd", text: "root:x:0:0::/:\nnobody:x:65532:65532::/tmp:\n" },
  { to: "/etc/group", text: "root:x:0:\nnobody:x:65532:\n" },
  { to: "/tmp", folder: true, mode: 0o1777 },
];

/** The image that holds a pod's namespaces. @param bin where obtainKubernetes put its programs. @returns the tar */
export async function buildPauseImage(bin: string, folder: string): Promise<string> {
  return build(folder, {
    name: pauseImage,
    layers: [[{ to: "/pause", from: path.join(bin, "pause") }]],
    entrypoint: ["/pause"],
    user: nobody,
  });
}

/** A small HTTP server that says what it was asked (go/echo/main.go). @returns the tar */
export async function buildEchoImage(
  name: string,
  bin: string,
  folder: string,
  user = nobody,
): Promise<string> {
  return build(folder, {
    name,
    layers: [[...bare, { to: "/echo", from: path.join(bin, "echo") }]],
    entrypoint: ["/echo"],
    env: { PORT: "8080" },
    user,
  });
}

/** Where Node's official image has it. */
const node = "/usr/local/bin/node";

/** A model of the catalogue, as its Dockerfile makes it, on the system libraries of this machine. @returns the tar */
export async function buildModelImage(preset: string, name: string, folder: string): Promise<string> {
  return build(folder, await modelImage(preset, name));
}

/** What `buildModelImage` builds: images.test.ts holds it to the Dockerfile. */
export async function modelImage(preset: string, name: string): Promise<Image> {
  const { entry, files } = await modelFiles(preset);
  return {
    name,
    layers: [
      [...bare, { to: node, from: process.execPath }, ...(await librariesOf(process.execPath))],
      files.map((file) => ({ ...file, to: `/app/${file.to}` })),
    ],
    entrypoint: [node, `/app/${entry}`],
    env: { HOST: "*", PORT: String(modelPort), NODE_ENV: "production" },
    user: nobody,
    workingFolder: "/app",
  };
}

/**
 * HAProxy where the official image has it, run as that runs it. @param program of the wheel, with its libraries.
 * @returns the tar
 */
export async function buildHaproxyImage(name: string, program: string, folder: string): Promise<string> {
  const bin = "/usr/local/sbin";
  const beside = path.dirname(program);
  const libraries = (await librariesOf(program)).map((one) =>
    one.to.startsWith(`${beside}/`) ? { ...one, to: path.join(bin, path.relative(beside, one.to)) } : one,
  );
  return build(folder, {
    name,
    layers: [
      [
        { to: "/etc/passwd", text: "root:x:0:0::/:\nhaproxy:x:99:99::/var/lib/haproxy:\n" },
        { to: "/etc/group", text: "root:x:0:\nhaproxy:x:99:\n" },
        { to: "/tmp", folder: true, mode: 0o1777 },
        { to: "/usr/local/etc/haproxy", folder: true },
        { to: `${bin}/haproxy`, from: program },
        ...libraries,
      ],
    ],
    entrypoint: ["haproxy", "-W", "-db"],
    command: ["-f", "/usr/local/etc/haproxy/haproxy.cfg"],
    env: { PATH: `${bin}:/usr/bin:/bin` },
    user: "99:99",
    workingFolder: "/var/lib/haproxy",
    // It ends when it has answered what it works on.
    stopSignal: "SIGUSR1",
  });
}

async function build(folder: string, image: Image): Promise<string> {
  const file = path.join(folder, `${image.name.replaceAll(/[^a-z0-9.-]+/g, "-")}.tar`);
  await buildImage(image, file);
  return file;
}

/**
 * The shared libraries that a program loads at its start, each at the path that it looks for them; and the one that
 * the C library loads later, to end a thread.
 */
async function librariesOf(program: string): Promise<{ to: string; from: string }[]> {
  const { code, output } = await run("ldd", [program], { env: { PATH: searchPath } });
  if (code !== 0) throw new Error(`ldd ${program}: ${output}`);
  const found = [...output.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map(([, library]) => library!);
  const system = found.find((library) => path.basename(library).startsWith("libc.so"));
  if (system) found.push(path.join(path.dirname(system), "libgcc_s.so.1"));
  return found.map((library) => ({ to: library, from: library }));
}
