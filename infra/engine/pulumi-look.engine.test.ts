import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Stack, type PreviewResult } from "@pulumi/pulumi/automation/index.js";
import { expect, onTestFinished, test, vi } from "vitest";
import { lookForTest } from "#infra/engine/look-for-test.ts";
import { newId } from "#lib/ids.ts";

test("a preview that lost its program isn't one of a program that wants nothing", async () => {
  const { signal } = new AbortController();
  const preview = async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "sluice-look-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const program = () => () => Promise.resolve({});
    const look = await lookForTest(folder, { deploymentId: newId("dep"), program });
    return look.preview([], signal);
  };
  expect(await preview()).toEqual([]);
  // As the SDK does where its connection is lost before it comes to run the program.
  const lost = vi.spyOn(Stack.prototype, "preview").mockResolvedValue({} as PreviewResult);
  onTestFinished(() => lost.mockRestore());
  await expect(preview()).rejects.toMatchObject({ code: "engine_failed" });
});
