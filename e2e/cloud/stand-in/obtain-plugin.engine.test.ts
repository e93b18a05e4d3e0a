import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { obtainCloudPlugin } from "#e2e/cloud/stand-in/obtain-plugin.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { googlePlugin } from "#infra/tools/obtain-google-plugin.ts";
import { versionNotKnown } from "#infra/tools/obtain-plugin.ts";
import { readEnv } from "#lib/env.ts";

test("the vendor's plugin is taken from PATH, past the stand-in, and said, though it tells no version", async () => {
  const engine = await testEngine();
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-google-plugin-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const theirs = path.join(folder, googlePlugin);
  writeFileSync(theirs, "#!/bin/sh\n");
  chmodSync(theirs, 0o755);
  const chosen = await obtainCloudPlugin({
    cache: readEnv().SLUICE_CACHE,
    searchPath: [path.dirname(engine.path), import.meta.dirname, folder].join(path.delimiter),
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  expect(chosen).toEqual({
    kind: "real",
    folder,
    said: `the vendor's plugin ${versionNotKnown}, ${theirs}`,
  });
});
