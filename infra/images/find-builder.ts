import { builders, type Builder } from "#infra/images/builders.ts";
import { onPath } from "#infra/tools/on-path.ts";
import { run } from "#infra/tools/run.ts";

/** Something to build with, and the file that its command stands for. */
export type FoundBuilder = Builder & { path: string };

/** How long a program may take to say whether it can build, in milliseconds. */
const patience = 10_000;

/**
 * The first program on PATH that builds images and says that it can.
 *
 * @param env what it needs of the environment (builderEnvironment)
 * @throws Error that names what was looked for, and what the ones that are there said
 */
export async function findBuilder(searchPath: string, env: Record<string, string>): Promise<FoundBuilder> {
  const said: string[] = [];
  for (const builder of builders) {
    const path = onPath(builder.command, searchPath);
    if (!path) continue;
    const { code, output } = await run(path, builder.probe, { env, timeout: patience }).catch(
      (error: Error) => ({
        code: null,
        output: error.message,
      }),
    );
    if (code === 0) return { ...builder, path };
    said.push(`  ${builder.command}: ${output.split("\n").at(-1)}`);
  }
  const names = builders.map(({ command }) => command).join(", ");
  if (said.length === 0) {
    throw new Error(`Nothing here builds container images. Install one of these: ${names}.`);
  }
  throw new Error(
    `Nothing here can build container images now:\n${said.join("\n")}\nStart it, or install another of these: ${names}.`,
  );
}
