import type * as z from "zod";
import {
  limits,
  type modelInput,
  type resourcesInput,
  type scalingInput,
  type Variant,
} from "#lib/deployments/spec.ts";
import { findPreset, type Preset } from "#lib/models/catalogue.ts";
import type { Place } from "#lib/targets/place.ts";

type Scaling = z.output<typeof scalingInput>;
type Resources = z.output<typeof resourcesInput>;

/** How many replicas more than the least may be started where nothing is said and it scales by itself. */
const defaultHeadroom = 2;
/** Wanted requests in flight per replica of an image, of which nothing is known. */
const defaultTargetInFlight = 4;
/** Wanted use of the processor asked for: with room for what comes while the next replica starts. */
const defaultTargetCpuPercent = 70;
/** The HPA's own default. */
const defaultScaleDownSeconds = 300;
const imageCpu = "500m";
const imageMemory = "1Gi";

/** A variant with all that wasn't said of it: what its model brings, else what is sensible for the kind of target. */
export function completeVariant(
  given: {
    name: string;
    model: z.output<typeof modelInput>;
    scaling?: Scaling;
    resources?: Resources | null;
    weight: number;
    healthPath?: string;
  },
  place: Pick<Place, "kind" | "offers">,
): Variant {
  const preset = "preset" in given.model ? findPreset(given.model.preset) : undefined;
  const ownHealthPath = "image" in given.model ? given.model.healthPath : (preset?.healthPath ?? "/healthz");
  return {
    name: given.name,
    model: given.model,
    scaling: completeScaling(given.scaling, preset, place),
    resources: place.kind === "local" ? null : completeResources(given.resources ?? {}, preset),
    weight: given.weight,
    healthPath: given.healthPath ?? ownHealthPath,
  };
}

function completeScaling(
  given: Scaling | undefined,
  preset: Preset | undefined,
  place: Pick<Place, "kind" | "offers">,
): Variant["scaling"] {
  const minReplicas = given?.minReplicas ?? 1;
  const metric = given?.metric ?? usualMetric(place);
  const headroom = metric === "none" ? 0 : defaultHeadroom;
  return {
    minReplicas,
    maxReplicas: given?.maxReplicas ?? Math.min(minReplicas + headroom, limits.replicas),
    metric,
    targetInFlight: given?.targetInFlight ?? preset?.targetInFlight ?? defaultTargetInFlight,
    // Where nothing scales on it there is none to keep: sent again, it would be refused where there is no metrics API.
    targetCpuPercent: (metric === "cpu" ? given?.targetCpuPercent : undefined) ?? defaultTargetCpuPercent,
    scaleDownSeconds: given?.scaleDownSeconds ?? defaultScaleDownSeconds,
  };
}

/** What replicas scale on there where nothing is said. */
export function usualMetric({ kind, offers }: Pick<Place, "kind" | "offers">): Variant["scaling"]["metric"] {
  if (kind === "local") return "inflight";
  return offers?.autoscaling === false ? "none" : "cpu";
}

function completeResources(given: Resources, preset: Preset | undefined): NonNullable<Variant["resources"]> {
  const usual = usualResources(preset);
  return {
    cpu: given.cpu ?? usual.cpu,
    memory: given.memory ?? usual.memory,
    gpus: given.gpus ?? usual.gpus,
  };
}

/** What a replica asks of a cluster's nodes where nothing is said; of an image nothing is known. */
export function usualResources(preset: Preset | undefined): NonNullable<Variant["resources"]> {
  return { cpu: preset?.cpu ?? imageCpu, memory: preset ? memoryOf(preset) : imageMemory, gpus: 0 };
}

/** Half as much again as was measured, in whole steps of 64 MiB. */
function memoryOf({ memoryMb }: Preset): string {
  return `${Math.ceil((memoryMb * 1.5) / 64) * 64}Mi`;
}
