import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { expect } from "#e2e/portal/test.ts";

const run = promisify(execFile);

/** Each language's tab, and its code run as it would be after pasting, in a folder that may be written to. */
const languages = [
  ["curl", (text: string, cwd: string) => run("bash", ["-c", text], { cwd })],
  ["Python", (text: string, cwd: string) => run("python3", ["-c", text], { cwd })],
  [
    "TypeScript",
    (text: string, cwd: string) =>
      run(process.execPath, ["--input-type=module-typescript", "-e", text], { cwd }),
  ],
] as const;

/** On a sentiment deployment's overview: what each tab's example prints when it is run is the model's answer. */
export async function pasteSnippets(page: Page): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-pasted-"));
  for (const [language, pasteInto] of languages) {
    await page.getByRole("tab", { name: language }).click();
    const text = await page.getByLabel(`${language} example`, { exact: true }).textContent();
    const { stdout } = await pasteInto(text ?? "", folder);
    expect(JSON.parse(stdout), language).toMatchObject({ sentiment: { label: "positive" } });
  }
  await rm(folder, { recursive: true });
}
