import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { snippet, type Language } from "#components/deployments/snippets.ts";
import { catalogue, findPreset, type Preset } from "#lib/models/catalogue.ts";
import { issuedChain } from "#lib/tls/issued-for-test.ts";
import { selfSigned } from "#lib/tls/self-signed.ts";

const run = promisify(execFile);
const sampleBytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 10, 13]);

/** A server that answers with what it received. */
const seen: { method: string; url: string; headers: IncomingHttpHeaders; body: Buffer }[] = [];
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    if (request.url?.startsWith("/samples/")) return response.end(sampleBytes);
    const { method = "", url = "", headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(parts) });
    response.end("it answered");
  });
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function example(id: string): Preset["example"] {
  const preset = findPreset(id);
  if (!preset) throw new Error(`There is no preset ${id}.`);
  return preset.example;
}

/** Each language, run as it would be after pasting. */
const runners = {
  python: (code: string) => run("python3", ["-c", code]),
  typescript: (code: string) => run(process.execPath, ["--input-type=module-typescript", "-e", code]),
};

describe.each(catalogue.map((preset) => preset.id))("the snippets of %s", (id) => {
  it.each(["python", "typescript"] as const)("in %s call the endpoint as pasted", async (language) => {
    const { stdout } = await runners[language](
      snippet(language, { url, example: example(id), portal: url, key: "sle_canary" }),
    );
    expect(stdout).toContain("it answered");
    const request = seen.at(-1);
    expect(request).toMatchObject({ method: "POST", url: "/predict" });
    expect(request?.headers["content-type"]).toBe(example(id).contentType);
    expect(request?.headers.authorization).toBe("Bearer sle_canary");
    if (example(id).sampleFile) expect(request?.body).toEqual(sampleBytes);
    else expect(JSON.parse(String(request?.body))).toEqual(JSON.parse(example(id).body));
  });
});

it("TypeScript says how it is run, and runs so", async () => {
  const code = snippet("typescript", { url, example: example("sentiment"), portal: url, key: null });
  expect(code.split("\n")[0]).toContain("node call.ts (Node 22.18 or newer)");
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-snippets-"));
  try {
    await writeFile(path.join(folder, "call.ts"), code);
    expect((await run(process.execPath, ["call.ts"], { cwd: folder })).stdout).toContain("it answered");
  } finally {
    await rm(folder, { recursive: true });
  }
});

const languages = ["curl", "python", "typescript"] as const;

describe("an HTTPS endpoint's snippets", () => {
  /** What a snippet that trusts this says of a server that shows another certificate or the same. */
  async function runAgainst(
    shown: { cert: string; key: string },
    language: Language,
    trusted: string,
    preset = "sentiment",
    name: string | null = null,
  ) {
    const secure = createSecureServer(shown, (request, response) => {
      request.resume().on("end", () => response.end("it answered"));
    });
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    const folder = await mkdtemp(path.join(tmpdir(), "sluice-snippets-"));
    try {
      const { port } = secure.address() as AddressInfo;
      const named = name === null ? null : { name, ip: "127.0.0.1", port };
      const call = {
        url: `https://127.0.0.1:${port}`,
        example: example(preset),
        portal: url,
        key: null,
        named,
      };
      const code = snippet(language, { ...call, certificate: trusted });
      return (await pasted(language, code, folder)).stdout;
    } finally {
      secure.close().closeAllConnections();
      await rm(folder, { recursive: true });
    }
  }

  it.each(languages)("in %s trust its own certificate as pasted, and no other", async (language) => {
    const { certificate: cert, key } = await selfSigned("127.0.0.1", new Date());
    expect(await runAgainst({ cert, key }, language, cert)).toContain("it answered");
    expect(await runAgainst({ cert, key }, language, cert, "ocr")).toContain("it answered");
    const other = await selfSigned("127.0.0.1", new Date());
    await expect(runAgainst({ cert, key }, language, other.certificate)).rejects.toThrow();
  });

  it.each(languages)("in %s reach a cluster whose certificate is for a name of its own", async (language) => {
    const name = "dep-7k2m9x4q8w3v.sluice.internal";
    const { certificate: cert, key } = await selfSigned(name, new Date());
    expect(await runAgainst({ cert, key }, language, cert, "sentiment", name)).toContain("it answered");
    expect(await runAgainst({ cert, key }, language, cert, "ocr", name)).toContain("it answered");
    const other = await selfSigned(name, new Date());
    await expect(runAgainst({ cert, key }, language, other.certificate, "sentiment", name)).rejects.toThrow();
    await expect(
      runAgainst({ cert, key }, language, cert, "sentiment", "another.sluice.internal"),
    ).rejects.toThrow();
  });

  it.each(languages)(
    "in %s trust one that comes with its issuer, though nobody has the root",
    async (language) => {
      const chain = await issuedChain("127.0.0.1", { now: new Date(), isIntermediate: true });
      const shown = { cert: chain.own + chain.issuer, key: chain.key };
      expect(await runAgainst(shown, language, chain.own + chain.issuer)).toContain("it answered");
      expect(await runAgainst(shown, language, chain.own)).toContain("it answered");
      const other = await issuedChain("127.0.0.1", { now: new Date(), isIntermediate: true });
      await expect(runAgainst(shown, language, other.own + other.issuer)).rejects.toThrow();
    },
  );

  it.each(languages)(
    "in %s do so on a cluster, whose address isn't the name that it is for",
    async (language) => {
      const name = "models.example.org";
      const chain = await issuedChain(name, { now: new Date(), isIntermediate: true });
      const trusted = chain.own + chain.issuer;
      const shown = { cert: trusted, key: chain.key };
      expect(await runAgainst(shown, language, trusted, "sentiment", name)).toContain("it answered");
      const other = await issuedChain(name, { now: new Date(), isIntermediate: true });
      const untrusted = other.own + other.issuer;
      await expect(runAgainst(shown, language, untrusted, "sentiment", name)).rejects.toThrow();
    },
  );
});

function pasted(language: Language, code: string, cwd: string) {
  switch (language) {
    case "curl":
      return run("bash", ["-ec", code], { cwd });
    case "python":
      return run("python3", ["-c", code]);
    case "typescript":
      return run(process.execPath, ["--input-type=module-typescript", "-e", code]);
  }
}

describe("curl", () => {
  /** Pastes into a shell in which `curl` writes down what it was given. */
  async function argumentsOf(code: string): Promise<string[]> {
    const { stdout } = await run("sh", ["-c", `curl() { printf '%s\\0' "$@"; }\n${code}`]);
    return stdout.split("\0");
  }
  it("says the body letter by letter, whatever quotes are in it", async () => {
    const body = JSON.stringify({ text: 'It\'s $HOME `date` "quoted" \\ and é' });
    const given = await argumentsOf(
      snippet("curl", { url, example: { ...example("sentiment"), body }, portal: url, key: "k" }),
    );
    expect(given).toContain(body);
    expect(given).toContain("Authorization: Bearer k");
    expect(given).toContain(`${url}/predict`);
  });
  it("sends no key to an open endpoint", () => {
    expect(snippet("curl", { url, example: example("sentiment"), portal: url, key: null })).not.toContain(
      "Bearer",
    );
  });
  it("brings the sample file from the portal", () => {
    expect(
      snippet("curl", { url, example: example("ocr"), portal: "http://portal:3000", key: null }),
    ).toContain("http://portal:3000/samples/");
  });
});
