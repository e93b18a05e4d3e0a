import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, until } from "#infra/local-runtime/fixtures/harness.ts";
import { quote, quoteArgument, safePath } from "#infra/haproxy/quote.ts";
import { firstFree } from "#infra/local-runtime/ports.ts";
import { obtainHaproxy } from "#infra/tools/obtain-haproxy.ts";
import { readEnv } from "#lib/env.ts";

let folder: string;
let haproxy: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "sluice-quote-"));
  const signal = new AbortController().signal;
  const searchPath = process.env.PATH ?? "";
  haproxy = (await obtainHaproxy({ cache: readEnv().SLUICE_CACHE, searchPath, signal, onProgress: () => {} }))
    .path;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(lines: string[]): string {
  const file = path.join(folder, "test.cfg");
  const timeouts = [
    "defaults",
    "  mode http",
    "  timeout client 5s",
    "  timeout server 5s",
    "  timeout connect 5s",
  ];
  writeFileSync(file, `${[...timeouts, ...lines].join("\n")}\n`);
  return file;
}

/** Any text of one line, with more than its share of what is special to HAProxy. */
const special = fc.constantFrom(
  "'",
  '"',
  "\\",
  "$",
  "#",
  "%",
  "{",
  "}",
  "(",
  ")",
  ",",
  " ",
  "${HOME}",
  "%[src]",
  "-m",
  "--",
);
const oneLine = fc
  .array(fc.oneof(special, fc.string({ unit: "grapheme-ascii", maxLength: 6 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => parts.join("").replaceAll(/[^\x20-\x7e]/g, ""))
  .filter((text) => text !== "");

describe("quoting", () => {
  it("lets every value through HAProxy unchanged", async () => {
    const values = fc.sample(oneLine, 150);
    const port = (await firstFree("127.0.0.1", 22_900, new Set())) ?? 0;
    const file = write([
      "frontend f",
      `  bind 127.0.0.1:${port}`,
      ...values.flatMap((value, n) => [
        `  http-request return status 200 content-type text/plain string ${quote(value)} if { path /${n} }`,
        `  acl named${n} ${quote(`req.fhdr(${quoteArgument(`x-${n}-${value}`)})`)} -m str -- ${quote(value)}`,
      ]),
    ]);
    execFileSync(haproxy, ["-c", "-q", "-f", file]);
    const running = spawn(haproxy, ["-db", "-f", file], { stdio: "ignore" });
    try {
      await until(() => call(`http://127.0.0.1:${port}/0`).catch(() => null));
      for (const [n, value] of values.entries()) {
        expect((await call(`http://127.0.0.1:${port}/${n}`)).text).toBe(value);
      }
    } finally {
      running.kill();
      await once(running, "exit");
    }
  });

  it("refuses what no quoting can carry", () => {
    for (const value of ["a\nglobal", "a\rb", "a\0b"]) expect(() => quote(value)).toThrow("no line ends");
  });
});

describe("safePath", () => {
  it("makes one word of visible ASCII of any path, and leaves a good one as it is", () => {
    const anyText = fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
      .map((codes) => String.fromCharCode(...codes));
    fc.assert(
      fc.property(anyText, (text) => {
        expect(safePath(`/${text}`)).toMatch(/^\/[\x21-\x7e]*$/);
      }),
    );
    expect(safePath("/v1/health?deep=1&x=%20")).toBe("/v1/health?deep=1&x=%20");
  });
});
