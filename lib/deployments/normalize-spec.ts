import type * as z from "zod";
import type { FieldError } from "#lib/errors.ts";
import { invalid, parseInput } from "#lib/parse-input.ts";
import { catalogue, findPreset } from "#lib/models/catalogue.ts";
import { layerRefusals } from "#lib/routing/layer-refusals.ts";
import { refusals } from "#lib/targets/refusals.ts";
import {
  deploymentInput,
  endpointInput,
  type envInput,
  limits,
  type modelInput,
  routingInput,
  type scalingInput,
  type specInput,
  type Endpoint,
  type Spec,
  type TlsInput,
  type Variant,
} from "#lib/deployments/spec.ts";

type Model = z.output<typeof modelInput>;
type Scaling = z.output<typeof scalingInput>;
type Given = z.output<typeof specInput>;

/** A spec whose secrets are still as they were sent: `seal-env.ts` and `seal-tls.ts` put their ids in. */
export type SpecDraft = Omit<Spec, "env" | "endpoint"> & {
  env: z.output<typeof envInput>[];
  endpoint: Omit<Endpoint, "tls"> & { tls: TlsInput };
};
export type NormalizedDeployment = { name: string; draft: SpecDraft };

/** How many replicas more than the least may be started where nothing is said and it scales by itself. */
const defaultHeadroom = 2;
/** Wanted requests in flight per replica of an image, of which nothing is known. */
const defaultTargetInFlight = 4;

/**
 * Turns what a person sent into a whole spec: defaults filled in, the shorthand `model` + `scaling` made the
 * variant `main`, and everything checked that no single field shows.
 *
 * @throws SluiceError `invalid` with every problem at its field
 */
export function normalizeDeployment(input: unknown): NormalizedDeployment {
  const { name, target, ...given } = parseInput(deploymentInput, input);
  const problems: FieldError[] = [];
  const variants = given.variants ? listed(given, problems) : shorthand(given, problems);
  problems.push(
    ...refusals(
      target,
      variants.map((v) => ({ field: v.at.model, model: v.variant.model })),
      given.env,
    ),
  );
  if (variants.length > 0) problems.push(...weightProblems(variants.map((v) => v.variant)));
  problems.push(...ruleProblems(given, new Set(variants.map((v) => v.variant.name))));
  problems.push(...repeated("env", given.env ?? [], "This name is used twice."));
  const routing = given.routing ?? parseInput(routingInput, {});
  const endpoint = given.endpoint ?? parseInput(endpointInput, {});
  problems.push(...layerRefusals(routing, endpoint), ...redirectProblems(endpoint));
  if (problems.length > 0) throw invalid(problems);
  return {
    name,
    draft: {
      version: 1,
      target,
      variants: variants.map((v) => v.variant),
      routing,
      endpoint: { ...endpoint, port: endpoint.port ?? null, redirectFrom: endpoint.redirectFrom ?? null },
      env: given.env ?? [],
      ttlMinutes: given.ttlMinutes ?? null,
    },
  };
}

type Placed = { variant: Variant; at: { model: string } };

function shorthand(given: Given, problems: FieldError[]): Placed[] {
  if (!given.model) {
    problems.push({ field: "model", message: "Choose a model." });
    return [];
  }
  problems.push(...presetProblems(given.model, "model"));
  const variant = completeVariant({ name: "main", model: given.model, weight: 100, ...given });
  return [{ variant, at: { model: "model" } }];
}

function listed(given: Given, problems: FieldError[]): Placed[] {
  for (const field of ["model", "scaling", "healthPath"] as const) {
    if (given[field] !== undefined) {
      problems.push({ field, message: "Say this for each variant, or leave out `variants`." });
    }
  }
  const variants = given.variants ?? [];
  problems.push(...repeated("variants", variants, "Another variant has this name."));
  return variants.map((variant, index) => {
    const at = { model: `variants.${index}.model` };
    problems.push(...presetProblems(variant.model, at.model));
    return { variant: completeVariant(variant), at };
  });
}

function completeVariant(given: {
  name: string;
  model: Model;
  scaling?: Scaling;
  weight: number;
  healthPath?: string;
}): Variant {
  const preset = "preset" in given.model ? findPreset(given.model.preset) : undefined;
  const ownHealthPath = "image" in given.model ? given.model.healthPath : (preset?.healthPath ?? "/healthz");
  return {
    name: given.name,
    model: given.model,
    scaling: completeScaling(given.scaling, preset?.targetInFlight ?? defaultTargetInFlight),
    weight: given.weight,
    healthPath: given.healthPath ?? ownHealthPath,
  };
}

function completeScaling(given: Scaling | undefined, targetInFlight: number): Variant["scaling"] {
  const minReplicas = given?.minReplicas ?? 1;
  const metric = given?.metric ?? "inflight";
  const headroom = metric === "none" ? 0 : defaultHeadroom;
  return {
    minReplicas,
    maxReplicas: given?.maxReplicas ?? Math.min(minReplicas + headroom, limits.replicas),
    metric,
    targetInFlight: given?.targetInFlight ?? targetInFlight,
  };
}

function presetProblems(model: Model, field: string): FieldError[] {
  if (!("preset" in model) || findPreset(model.preset)) return [];
  const known = catalogue.map((preset) => preset.id).join(", ");
  return [
    { field: `${field}.preset`, message: `There is no model "${model.preset}". Choose one of: ${known}.` },
  ];
}

function weightProblems(variants: Variant[]): FieldError[] {
  if (variants.some((v) => v.weight > 0)) return [];
  return [{ field: "variants", message: "At least one variant needs a weight above 0." }];
}

function ruleProblems(given: Given, names: Set<string>): FieldError[] {
  return (given.routing?.rules ?? []).flatMap((rule, index) =>
    names.has(rule.variant) || names.size === 0
      ? []
      : [
          {
            field: `routing.rules.${index}.variant`,
            message: `There is no variant "${rule.variant}". Choose one of: ${[...names].join(", ")}.`,
          },
        ],
  );
}

function redirectProblems({ port, redirectFrom, tls }: z.output<typeof endpointInput>): FieldError[] {
  if (redirectFrom == null) return [];
  const field = "endpoint.redirectFrom";
  if (tls.mode === "none") return [{ field, message: "Only an HTTPS endpoint can be redirected to." }];
  return redirectFrom === port
    ? [{ field, message: "This is the endpoint's own port. Choose another." }]
    : [];
}

function repeated(list: string, entries: readonly { name: string }[], message: string): FieldError[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    if (seen.has(entry.name)) return [{ field: `${list}.${index}.name`, message }];
    seen.add(entry.name);
    return [];
  });
}
