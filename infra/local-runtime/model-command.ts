import path from "node:path";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import type { ModelCommand } from "#infra/local-runtime/options.ts";
import type { ModelServerCommand } from "#infra/local-runtime/protocol.ts";
import { findPreset } from "#lib/models/catalogue.ts";

const root = path.resolve(import.meta.dirname, "../..");

/**
 * A catalogued model is run by the Node that runs Sluice.
 *
 * @throws CommandFailure `start_failed` for what doesn't run on this machine
 */
export function modelCommand(model: ModelServerCommand["model"]): ModelCommand {
  if ("image" in model) {
    throw new CommandFailure(
      "start_failed",
      "Container images run on clusters and Google projects. Choose a model of the catalogue.",
    );
  }
  const preset = findPreset(model.preset);
  if (!preset?.entry) {
    throw new CommandFailure(
      "start_failed",
      `The model ${model.preset} isn't one that runs on this machine. Choose another.`,
    );
  }
  return { command: [process.execPath, path.join(root, preset.entry)], concurrency: preset.concurrency };
}
