import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FoundBuilder } from "#infra/images/find-builder.ts";
import { writeContext } from "#infra/images/write-context.ts";
import { run } from "#infra/tools/run.ts";

export type Publishing = {
  builder: FoundBuilder;
  preset: string;
  image: string;
  /** what the builder needs of the environment (builderEnvironment) */
  env: Record<string, string>;
  /** called with each line that the builder says */
  onLine(line: string): void;
};

/**
 * Builds the image of a model of the catalogue and pushes it.
 *
 * @throws Error with the end of what the builder said
 */
export async function publish({ builder, preset, image, env, onLine }: Publishing): Promise<void> {
  const context = await mkdtemp(path.join(tmpdir(), "sluice-context-"));
  try {
    const entry = await writeContext(preset, context);
    const order = { image, context, dockerfile: import.meta.dirname, buildArgs: { ENTRY: entry } };
    for (const args of builder.steps(order)) {
      const { code, output } = await run(builder.path, args, { env, onLine });
      if (code !== 0) {
        const end = output.split("\n").slice(-15).join("\n");
        throw new Error(`${builder.command} ${args[0]} failed for ${image}:\n${end}`);
      }
    }
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}
