import { builderEnvironment } from "#infra/images/builder-environment.ts";
import { findBuilder } from "#infra/images/find-builder.ts";
import { publish } from "#infra/images/publish.ts";
import { catalogue } from "#lib/models/catalogue.ts";
import { imageOf } from "#lib/models/image-of.ts";
import { registerInput, toSettings } from "#lib/targets/target-input.ts";

// `npm run images -- PREFIX`: builds the images of our own models and pushes them to a registry.

const help = `Usage: npm run images -- PREFIX

Builds a container image of each model that comes with Sluice, and pushes it to a registry, for clusters to run.

  PREFIX   a registry and a path in it, such as registry.example.com/sluice. Give the same as "image prefix"
           to the clusters under Targets.

Needs docker, podman, nerdctl or buildctl, signed in to the registry. The images are made for the processor of
this machine. Prints the names of the images that it pushed.
`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function main(args: string[]): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) return void process.stdout.write(help);
  const [given, ...rest] = args;
  if (!given || rest.length > 0) throw new Error(help);
  const { success, data, error } = registerInput.shape.imagePrefix.safeParse(given);
  if (!success) throw new Error(`${given}: ${error.issues[0]?.message}`);
  const { imagePrefix } = toSettings({ imagePrefix: data });
  const env = builderEnvironment(process.env);
  const builder = await findBuilder(process.env.PATH ?? "", env);
  for (const preset of catalogue) {
    const image = imageOf(preset, imagePrefix);
    if (!image) continue;
    process.stderr.write(`Building ${image} with ${builder.command}\n`);
    await publish({
      builder,
      preset: preset.id,
      image,
      env,
      onLine: (line) => void process.stderr.write(`  ${line}\n`),
    });
    process.stdout.write(`${image}\n`);
  }
}
