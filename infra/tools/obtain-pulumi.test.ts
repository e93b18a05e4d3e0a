import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { obtainPulumi, type PulumiWays } from "#infra/tools/obtain-pulumi.ts";
import { ToolError } from "#infra/tools/tool.ts";
import { versions } from "#infra/tools/versions.ts";

// The way over the vendor's download, against a server of our own that can do everything wrong. What a release
// holds is stood for by a script that tells the version; compiling is stood for by writing the same script.

const archiveName = `pulumi-v${versions.pulumi}-${process.platform}-${process.arch}.tar.gz`;
const sumsName = `pulumi-${versions.pulumi}-checksums.txt`;
const program = (version: string) => `#!/bin/sh\necho v${version}\n`;

let folder: string;
let cache: string;
let archive: Buffer;
let servers: (Server | TcpServer)[];
let steps: string[];
let built: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-tools-"));
  cache = path.join(folder, "cache");
  archive = await archiveOf(program(versions.pulumi));
  servers = [];
  steps = [];
  built = 0;
});
afterEach(async () => {
  for (const server of servers) {
    if ("closeAllConnections" in server) server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true, force: true });
});

async function archiveOf(content: string): Promise<Buffer> {
  const source = path.join(folder, "source/pulumi");
  await mkdir(source, { recursive: true });
  await writeFile(path.join(source, "pulumi"), content);
  await chmod(path.join(source, "pulumi"), 0o755);
  await writeFile(path.join(source, "pulumi-language-python"), "not needed");
  const file = path.join(folder, "made.tar.gz");
  execFileSync("tar", ["-czf", file, "-C", path.dirname(source), "pulumi"]);
  return readFile(file);
}

const sumsOf = (content: Buffer) =>
  `${"0".repeat(64)}  pulumi-other.tar.gz\n${createHash("sha256").update(content).digest("hex")}  ${archiveName}\n`;

async function listen(server: Server | TcpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A release host; `special` answers before what a good one would. */
async function releases(special: Record<string, RequestListener> = {}): Promise<string> {
  const good: Record<string, RequestListener> = {
    [sumsName]: (_request, response) => void response.end(sumsOf(archive)),
    [archiveName]: (_request, response) => void response.end(archive),
  };
  const server = createServer((request, response) => {
    const name = path.basename(request.url ?? "");
    const answer = special[name] ?? good[name];
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  return `http://127.0.0.1:${await listen(server)}/releases/sdk`;
}

function ways(base: string, more: Partial<PulumiWays> = {}): PulumiWays {
  return {
    cache,
    searchPath: "",
    signal: new AbortController().signal,
    onProgress: (step) => steps.push(step),
    releases: base,
    connectMs: 500,
    stallMs: 500,
    build: async (into) => {
      built++;
      await mkdir(path.join(into, "bin"));
      await writeFile(path.join(into, "bin/pulumi"), program(versions.pulumi), { mode: 0o755 });
    },
    ...more,
  };
}

const cannotBuild: PulumiWays["build"] = async () => {
  throw new ToolError("build_failed", "The engine couldn't be compiled.");
};

/** A bad download is made up for by compiling; where that fails too, its reason is told, and nothing is left. */
async function fallsToBuild(base: string, reason: string): Promise<void> {
  const error = await obtainPulumi(ways(base, { build: cannotBuild })).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ reason: "build_failed", cause: { reason } });
  const { message, cause } = error as ToolError;
  expect(message).toContain((cause as ToolError).message);
  expect(message).toContain("couldn't be compiled");
  expect(await readdir(cache)).toEqual([]);

  const tool = await obtainPulumi(ways(base));
  expect(tool).toMatchObject({ source: "build", version: versions.pulumi });
  expect(built).toBe(1);
  expect(await readdir(cache)).toEqual([`pulumi-${versions.pulumi}`]);
}

test("a good release is downloaded, checked and unpacked, and found in the cache afterwards", async () => {
  const tool = await obtainPulumi(ways(await releases()));
  const file = path.join(cache, `pulumi-${versions.pulumi}/bin/pulumi`);
  expect(tool).toEqual({ path: file, version: versions.pulumi, source: "download" });
  expect(await readdir(path.dirname(path.dirname(file)))).toEqual(["bin"]);
  expect(await readdir(path.dirname(file))).toEqual(["pulumi"]);
  expect(steps).toContain(`Downloading Pulumi ${versions.pulumi}`);
  expect(built).toBe(0);

  const again = await obtainPulumi(ways("http://127.0.0.1:1"));
  expect(again).toEqual({ ...tool, source: "cache" });
});

test("a redirect, as release hosts send, is followed", async () => {
  const target = await releases();
  const base = await releases({
    [archiveName]: (_request, response) =>
      void response.writeHead(302, { location: `${target}/${archiveName}` }).end(),
  });
  expect(await obtainPulumi(ways(base))).toMatchObject({ source: "download" });
});

test("an archive with a wrong checksum isn't used", async () => {
  const other = Buffer.concat([archive, Buffer.from("x")]);
  const base = await releases({ [archiveName]: (_request, response) => void response.end(other) });
  await fallsToBuild(base, "checksum_mismatch");
});

test("an archive that the checksums don't list isn't used", async () => {
  const base = await releases({ [sumsName]: (_request, response) => void response.end("") });
  await fallsToBuild(base, "checksum_mismatch");
});

test("a download that ends too early is noticed", async () => {
  const base = await releases({
    [archiveName]: (_request, response) => {
      response.writeHead(200, { "content-length": archive.length });
      response.write(archive.subarray(0, 100), () => response.destroy());
    },
  });
  await fallsToBuild(base, "cut_short");
});

test("a download that stalls in the middle is given up", async () => {
  const base = await releases({
    [archiveName]: (_request, response) => {
      response.writeHead(200, { "content-length": archive.length });
      response.write(archive.subarray(0, 100));
    },
  });
  await fallsToBuild(base, "stalled");
});

test("a host that accepts a connection and says nothing is given up", async () => {
  const base = await releases({ [sumsName]: () => undefined });
  await fallsToBuild(base, "stalled");
});

test("a host with which no connection comes about is given up after the time to connect", async () => {
  // It never answers the TLS greeting: no connection in the sense of HTTPS.
  const port = await listen(createTcpServer());
  await fallsToBuild(`https://127.0.0.1:${port}`, "unreachable");
});

test("a host that isn't there is told as such", async () => {
  const port = await listen(createServer());
  servers.pop()!.close();
  await fallsToBuild(`http://127.0.0.1:${port}`, "unreachable");
});

test("a release without an archive for this platform is told as such", async () => {
  const base = await releases({ [archiveName]: (_request, response) => void response.writeHead(404).end() });
  await fallsToBuild(base, "not_there");
});

test("an archive without the program in it is told as such", async () => {
  const file = path.join(folder, "empty.tar.gz");
  execFileSync("tar", ["-czf", file, "-T", "/dev/null"]);
  archive = await readFile(file);
  await fallsToBuild(await releases(), "broken_archive");
});

test("a release that turns out to be another version isn't kept", async () => {
  archive = await archiveOf(program("3.1.0"));
  await expect(obtainPulumi(ways(await releases()))).rejects.toMatchObject({ reason: "not_found" });
});

test("being stopped in the middle leaves nothing behind and isn't taken for a failed download", async () => {
  const stopping = new AbortController();
  const base = await releases({
    [archiveName]: (_request, response) => {
      response.writeHead(200, { "content-length": archive.length });
      response.write(archive.subarray(0, 100), () => stopping.abort(new Error("stopped")));
    },
  });
  await expect(obtainPulumi(ways(base, { signal: stopping.signal, stallMs: 10_000 }))).rejects.toThrow(
    "stopped",
  );
  expect(await readdir(cache)).toEqual([]);
  expect(built).toBe(0);
});

test("two at once download once", async () => {
  let downloads = 0;
  const base = await releases({
    [archiveName]: (_request, response) => {
      downloads++;
      response.end(archive);
    },
  });
  const tools = await Promise.all([obtainPulumi(ways(base)), obtainPulumi(ways(base))]);
  expect(tools.map((tool) => tool.source).sort()).toEqual(["cache", "download"]);
  expect(downloads).toBe(1);
});

test("what a killed process left half made is replaced", async () => {
  await mkdir(path.join(cache, `pulumi-${versions.pulumi}.making/bin`), { recursive: true });
  await mkdir(path.join(cache, `pulumi-${versions.pulumi}/bin`), { recursive: true });
  expect(await obtainPulumi(ways(await releases()))).toMatchObject({ source: "download" });
  expect(await readdir(cache)).toEqual([`pulumi-${versions.pulumi}`]);
});

test("one on PATH is taken at exactly the pinned version, and no other", async () => {
  const onPath = path.join(folder, "bin");
  await mkdir(onPath);
  const put = (version: string) => writeFile(path.join(onPath, "pulumi"), program(version), { mode: 0o755 });
  await put("3.260.0");
  const options = ways("http://127.0.0.1:1", { searchPath: onPath, build: cannotBuild });
  await expect(obtainPulumi(options)).rejects.toMatchObject({ reason: "build_failed" });
  await put(versions.pulumi);
  expect(await obtainPulumi(options)).toEqual({
    path: path.join(onPath, "pulumi"),
    version: versions.pulumi,
    source: "path",
  });
});

test("a folder for tools that can't be written is told with what to do", async () => {
  await writeFile(path.join(folder, "file"), "");
  const options = ways("http://127.0.0.1:1", { cache: path.join(folder, "file/cache") });
  await expect(obtainPulumi(options)).rejects.toMatchObject({
    reason: "cache_not_writable",
    message: expect.stringContaining("SLUICE_CACHE"),
  });
});
