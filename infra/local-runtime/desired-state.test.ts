import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DesiredState } from "#infra/local-runtime/desired-state.ts";
import { folders, makeFolders } from "#infra/local-runtime/folders.ts";
import { Ledger } from "#infra/local-runtime/ledger.ts";

let home: string;
beforeEach(() => (home = mkdtempSync(path.join(tmpdir(), "sluice-state-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("DesiredState", () => {
  it("is what was last written, after a restart too, and its file goes with the last thing wanted", () => {
    const state = new DesiredState(home);
    state.change("dep-x", (s) => (s.endpoint = { port: 21_000, access: "open" }));
    state.changeVariant("dep-x", "main", (s) => (s.wanted = 2));
    state.changeVariant("dep-x", "main", (s) => {
      s.pool = { algorithm: "random", affinity: { by: "none" }, healthPath: "/" };
    });
    const again = new DesiredState(home);
    expect(again.get("dep-x")).toEqual(state.get("dep-x"));
    expect(statSync(again.file("dep-x")).mode & 0o777).toBe(0o600);
    again.change("dep-x", (s) => (s.endpoint = null));
    expect(existsSync(again.file("dep-x"))).toBe(true);
    again.changeVariant("dep-x", "main", (s) => (s.pool = null));
    expect(existsSync(again.file("dep-x"))).toBe(false);
    expect(new DesiredState(home).all()).toEqual([]);
  });
});

describe("Ledger", () => {
  it("refuses an older fence, also after a restart and after the deployment's end", () => {
    const file = path.join(home, "ledger.json");
    const ledger = new Ledger(file);
    ledger.raise("dep-x", 3);
    ledger.raise("dep-x", 3);
    ledger.rememberPort("dep-x", 21_005);
    const again = new Ledger(file);
    expect(again.lastPort("dep-x")).toBe(21_005);
    expect(() => again.raise("dep-x", 2)).toThrow("newer attempt (3)");
    again.raise("dep-x", 4);
    expect(() => ledger.check("dep-x", 2)).toThrow("newer attempt");
    expect(again.lastPort("dep-x")).toBe(21_005);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ "dep-x": { fence: 4, port: 21_005 } });
  });
});

describe("folders", () => {
  it("are the owner's alone, and sockets' paths stay short however deep the data folder is", () => {
    const deep = path.join(home, "a".repeat(60), "b".repeat(60));
    for (const of of [folders(home), folders(deep)]) {
      makeFolders(of);
      for (const folder of [of.root, of.sockets]) expect(statSync(folder).mode & 0o777).toBe(0o700);
      // HAProxy binds its socket under a longer name first: `.PID.tmp`.
      expect(`${of.adminSocket}.1234567.tmp`.length).toBeLessThanOrEqual(107);
      expect(of.replicaSocket("dep-7k2m9x4q8w3v/a-long-variant-name/20").length).toBeLessThanOrEqual(107);
    }
    rmSync(folders(deep).sockets, { recursive: true });
  });
});
