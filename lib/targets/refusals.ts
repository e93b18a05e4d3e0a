import type { FieldError } from "#lib/errors.ts";
import type { Spec, TargetName } from "#lib/deployments/spec.ts";
import { findPreset } from "#lib/models/catalogue.ts";
import { isReservedEnvName } from "#lib/replicas/reserved-env.ts";
import { findTarget } from "#lib/targets/targets.ts";

/**
 * What a target can't do with these models and this environment, field by field.
 *
 * @param models each variant's model with the path of its field in what was sent
 */
export function refusals(
  targetName: TargetName,
  models: readonly { field: string; model: Spec["variants"][number]["model"] }[],
  env: readonly { name: string }[] = [],
): FieldError[] {
  const target = findTarget(targetName);
  if (target.refusal) return [{ field: "target", message: target.refusal }];
  const reserved = env.flatMap(({ name }, index) =>
    targetName === "local" && isReservedEnvName(name)
      ? [
          {
            field: `env.${index}.name`,
            message: `${name} is kept for the system on this target. Choose another name.`,
          },
        ]
      : [],
  );
  const unfit = models.flatMap(({ field, model }) => {
    if ("image" in model) {
      return target.imageRefusal ? [{ field: `${field}.image`, message: target.imageRefusal }] : [];
    }
    const preset = findPreset(model.preset);
    if (targetName === "local" && preset && preset.entry === null) {
      return [{ field: `${field}.preset`, message: `${preset.title} runs on Kubernetes targets alone.` }];
    }
    return [];
  });
  return [...unfit, ...reserved];
}
