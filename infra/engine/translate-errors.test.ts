import { expect, test } from "vitest";
import { CliError } from "#infra/engine/cli.ts";
import { EngineError } from "#infra/engine/driver.ts";
import { translateError } from "#infra/engine/translate-errors.ts";
import { failureText } from "#infra/local-runtime/provider/failure.ts";

const cliError = (stderr: string) => new CliError(["up"], { stdout: "", stderr, code: 255 });

test.each([
  ["error: pq: stale fence 7 for dep-x, current 8", "stale_fence"],
  [
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end",
    "interrupted",
  ],
  ['error: constructing secrets manager of type "passphrase": incorrect passphrase', "secret_unreadable"],
  ["error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE", "secret_unreadable"],
  [
    "error: no resource plugin 'pulumi-resource-sluice' found in the workspace or on your $PATH",
    "engine_failed",
  ],
  ["error: could not load plugin for sluice provider", "engine_failed"],
  [
    "error: unable to open bucket postgres://x: dial tcp 127.0.0.1:5432: connect: connection refused",
    "engine_failed",
  ],
  ["error: something that nobody has seen before", "engine_failed"],
])("%s means %s", (stderr, code) => {
  const { code: told, message } = translateError(cliError(stderr), [], false);
  expect(told).toBe(code);
  expect(message).toMatch(/^[A-Z].*\.$/);
});

test("a CLI that isn't there means that the engine is missing", () => {
  const error = Object.assign(new Error("spawn /cache/pulumi ENOENT"), { code: "ENOENT" });
  expect(translateError(error, [], false)).toMatchObject({ code: "engine_missing" });
});

test("a cluster that refuses connections isn't the database", () => {
  const said =
    'Deployment x/model-main was applied, but didn\'t become ready: Get "https://203.0.113.7:6443/apis": dial tcp 203.0.113.7:6443: connect: connection refused';
  const error = translateError(cliError("error: update failed"), [said], false);
  expect(error).toMatchObject({ code: "engine_failed", logLines: [said] });
  expect(error.message).not.toContain("database");
});

test("the provider's own failure comes first, wherever the engine put it, and before one that only follows", () => {
  const cause = {
    code: "probe_failed",
    message: "No replica got healthy.",
    logLines: ["Error: boom"],
  } as const;
  const follows = { code: "cancelled", message: "Cancelled while it waited.", logLines: [] } as const;
  const said = (failure: Parameters<typeof failureText>[0]) =>
    `sluice:local:Pool (main): error: 1 error occurred:\n\t* ${failureText(failure)}\n\n`;
  const diagnostics = [said({ ...follows, logLines: [] }), said({ ...cause, logLines: ["Error: boom"] })];
  expect(translateError(cliError("error: update failed"), diagnostics, false)).toMatchObject(cause);
});

test("what a person cancelled is cancelled, whatever failed because of it", () => {
  const diagnostics = [failureText({ code: "start_failed", message: "It ended.", logLines: [] })];
  expect(translateError(cliError("error: update cancelled"), diagnostics, true)).toMatchObject({
    code: "cancelled",
  });
});

test("an unknown failure keeps the engine's last words, without what only machines read", () => {
  const error = translateError(cliError("a\n\nb  \nc"), [], false);
  expect(error.logLines).toEqual(["a", "b", "c"]);
  expect(translateError(error, [], false)).toBe(error);
  expect(error).toBeInstanceOf(EngineError);
});

test("of an answer of Google's with details, its first line is kept too", () => {
  const details = Array.from({ length: 38 }, (_, index) => `  "detail": ${index},`);
  const said = ["googleapi: Error 403: Required 'compute.urlMaps.delete' permission", "Details:", ...details];
  const { logLines } = translateError(cliError(""), [said.join("\n"), "update failed"], false);
  expect(logLines[0]).toBe(said[0]);
  expect(logLines.at(-1)).toBe("update failed");
});
