import type { Spec } from "#lib/deployments/spec.ts";
import { SluiceError } from "#lib/errors.ts";
import { findPreset } from "#lib/models/catalogue.ts";
import { imageOf, modelPort } from "#lib/models/image-of.ts";
import { readQuantity } from "#lib/targets/kubernetes/quantity.ts";
import type { KubernetesSettings, VariantSettings } from "#lib/targets/kubernetes/settings.ts";

type Variant = Spec["variants"][number];

/** HAProxy waits no longer for the next byte of an answer (infra/haproxy/defaults.ts), in seconds. */
const streamLimitSeconds = 600;

/**
 * What a cluster's program needs beside the spec, all but HAProxy's configuration.
 *
 * @param target.imagePrefix where the images of the built-in models are
 * @throws SluiceError `conflict` for a built-in model where there is no image prefix
 */
export function settingsOf(
  spec: Spec,
  target: { imagePrefix: string | null },
): Omit<KubernetesSettings, "proxy"> {
  const { gatewayClass, serviceType } = spec.endpoint;
  return {
    gatewayClass,
    serviceType: serviceType ?? "NodePort",
    variants: Object.fromEntries(
      spec.variants.map((variant) => [variant.name, ofVariant(variant, target.imagePrefix)]),
    ),
    // Another password has another id, which tells nothing of it.
    pullSecretFingerprint: spec.pullSecret?.secretId ?? null,
    streamLimitSeconds,
  };
}

function ofVariant({ model, resources, scaling }: Variant, imagePrefix: string | null): VariantSettings {
  const { cpu, memory, gpus } = resources ?? { cpu: "500m", memory: "1Gi", gpus: 0 };
  return {
    ...imageOfModel(model, imagePrefix),
    requests: { cpu, memory },
    // Room for more than was asked for, where a node has it: else nothing would ever look busy. Memory is taken away
    // from nobody, so there is no more of it than was asked for.
    limits: { cpu: `${Math.round(readQuantity(cpu) * 2000)}m`, memory },
    gpus,
    targetCpuPercent: scaling.targetCpuPercent,
    scaleDownSeconds: scaling.scaleDownSeconds,
  };
}

function imageOfModel(
  model: Variant["model"],
  imagePrefix: string | null,
): Pick<VariantSettings, "image" | "port" | "runAsRoot"> {
  if ("image" in model) return { image: model.image, port: model.port, runAsRoot: model.runAsRoot };
  const preset = findPreset(model.preset);
  const image = preset && imageOf(preset, imagePrefix);
  if (!image) {
    const message = `There is nowhere to pull the image of the model ${model.preset} from. An admin sets the target's image prefix; then retry.`;
    throw new SluiceError("conflict", message);
  }
  return { image, port: modelPort, runAsRoot: false };
}
