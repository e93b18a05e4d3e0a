import type * as z from "zod";
import type { FieldError } from "#lib/errors.ts";
import { invalid, parseInput, parseKnown } from "#lib/parse-input.ts";
import { askedOf } from "#lib/deployments/asked-of.ts";
import { completeGoogle, type Standing } from "#lib/deployments/complete-google.ts";
import { completeVariant } from "#lib/deployments/complete-variant.ts";
import { catalogue, findPreset } from "#lib/models/catalogue.ts";
import { layerRefusals, variantRefusals } from "#lib/routing/layer-refusals.ts";
import { builtInPlaces, findPlace, type Place } from "#lib/targets/place.ts";
import { presetProblem, refusals } from "#lib/targets/refusals.ts";
import {
  deploymentInput,
  endpointInput,
  type envInput,
  type modelInput,
  type PullSecretInput,
  routingInput,
  type specInput,
  type Endpoint,
  type Spec,
  type TlsInput,
  type Variant,
} from "#lib/deployments/spec.ts";

type Given = z.output<typeof specInput>;
type Model = z.output<typeof modelInput>;

/** A spec whose secrets are still as they were sent: what seals them (`seal-spec.ts`) puts their ids in. */
export type SpecDraft = Omit<Spec, "env" | "endpoint" | "pullSecret"> & {
  env: z.output<typeof envInput>[];
  endpoint: Omit<Endpoint, "tls"> & { tls: TlsInput };
  pullSecret: PullSecretInput | null;
};
export type NormalizedDeployment = { name: string; place: Place; draft: SpecDraft };

/**
 * Turns what a person sent into a whole spec: defaults filled in, the shorthand `model` + `scaling` made the
 * variant `main`, and everything checked that no single field shows.
 *
 * @param places wherever it may be; the registered clusters are known to the server alone
 * @param standing the deployment as it is, for a change of it
 * @throws SluiceError `invalid` with every problem at its field
 */
export function normalizeDeployment(
  input: unknown,
  places: readonly Place[] = builtInPlaces,
  standing: Standing | null = null,
): NormalizedDeployment {
  const { known, strangers } = parseKnown(deploymentInput, input);
  const { name, target, ...given } = known;
  const place = findPlace(places, target);
  if ("field" in place)
    throw invalid([...strangers, place, ...unknownPresets(given), ...problemsAnywhere(given)]);
  const problems: FieldError[] = [...strangers];
  const variants = given.variants ? listed(given, place, problems) : shorthand(given, place, problems);
  const routing = given.routing ?? parseInput(routingInput, {});
  const endpoint = given.endpoint ?? parseInput(endpointInput, {});
  problems.push(
    ...refusals(place, askedOf(given), { env: given.env, gatewayClass: endpoint.gatewayClass }),
    ...problemsAnywhere(given),
    ...ruleProblems(given, new Set(variants.map((variant) => variant.name))),
    ...layerRefusals(routing, endpoint),
    ...variantRefusals(place.kind, routing.layer, variants),
    ...redirectProblems(endpoint),
  );
  if (variants.length > 0) problems.push(...weightProblems(variants));
  const { google, problems: ofGoogle } = completeGoogle(
    given.google,
    { variants, routing, tls: endpoint.tls, resourcesField: resourcesField(given) },
    { place, standing },
  );
  problems.push(...ofGoogle);
  if (problems.length > 0) throw invalid(problems);
  return {
    name,
    place,
    draft: {
      version: 1,
      target: place.kind,
      variants,
      routing,
      endpoint: completeEndpoint(endpoint, place),
      env: given.env ?? [],
      pullSecret: given.pullSecret ?? null,
      google,
      ttlMinutes: given.ttlMinutes ?? null,
    },
  };
}

/** What is wrong wherever it would run. */
function problemsAnywhere(given: Given): FieldError[] {
  return repeated("env", given.env ?? [], "This name is used twice.");
}

function completeEndpoint(given: z.output<typeof endpointInput>, place: Place): SpecDraft["endpoint"] {
  const gatewayClass = given.gatewayClass ?? null;
  return {
    ...given,
    port: given.port ?? null,
    redirectFrom: given.redirectFrom ?? null,
    gatewayClass,
    // A Gateway or Google's load balancer gives the address in its place, and this machine has no Services.
    serviceType:
      place.kind !== "kubernetes" || gatewayClass !== null
        ? null
        : (given.serviceType ?? usualServiceType(place)),
  };
}

/** Where a variant's resources stand in what was sent. */
function resourcesField(given: Given): (index: number) => string {
  return (index) => (given.variants ? `variants.${index}.resources` : "resources");
}

/** What a cluster was seen to give. */
export function usualServiceType({ offers }: Pick<Place, "offers">): NonNullable<Endpoint["serviceType"]> {
  return offers?.loadBalancers ? "LoadBalancer" : "NodePort";
}

function shorthand(given: Given, place: Place, problems: FieldError[]): Variant[] {
  if (!given.model) {
    problems.push({ field: "model", message: "Choose a model." });
    return [];
  }
  problems.push(...presetProblems(given.model, "model", place));
  return [completeVariant({ name: "main", model: given.model, weight: 100, ...given }, place)];
}

function listed(given: Given, place: Place, problems: FieldError[]): Variant[] {
  for (const field of ["model", "scaling", "healthPath", "resources"] as const) {
    if (given[field] != null) {
      problems.push({ field, message: "Say this for each variant, or leave out `variants`." });
    }
  }
  const variants = given.variants ?? [];
  problems.push(...repeated("variants", variants, "Another variant has this name."));
  return variants.map((variant, index) => {
    problems.push(...presetProblems(variant.model, `variants.${index}.model`, place));
    return completeVariant(variant, place);
  });
}

function presetProblems(model: Model, field: string, place: Place): FieldError[] {
  if (!("preset" in model)) return [];
  const unfit = presetProblem(place, model);
  if (unfit) return [{ field: `${field}.preset`, message: unfit }];
  return unknownPreset(model, field);
}

/** Where nobody knows yet what the place takes. */
function unknownPresets({ model, variants = [] }: Given): FieldError[] {
  return [
    ...(model ? unknownPreset(model, "model") : []),
    ...variants.flatMap((variant, index) => unknownPreset(variant.model, `variants.${index}.model`)),
  ];
}

function unknownPreset(model: Model, field: string): FieldError[] {
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
  return (given.routing?.rules ?? []).flatMap(({ variant, pathPrefix }, index) => {
    const field = `routing.rules.${index}`;
    const problems: FieldError[] = [];
    if (!names.has(variant) && names.size > 0) {
      const message = `There is no variant "${variant}". Choose one of: ${[...names].join(", ")}.`;
      problems.push({ field: `${field}.variant`, message });
    }
    if (/[?#]/.test(pathPrefix ?? "")) {
      const message = "A path ends before ? and #: what comes after ? is a condition of its own, the query.";
      problems.push({ field: `${field}.pathPrefix`, message });
    }
    return problems;
  });
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
