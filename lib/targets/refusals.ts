import type { FieldError } from "#lib/errors.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { findPreset } from "#lib/models/catalogue.ts";
import { isReservedEnvName } from "#lib/replicas/reserved-env.ts";
import type { Place } from "#lib/targets/place.ts";
import { findTarget } from "#lib/targets/targets.ts";

/** What a place can have or not: the form greys out what is refused, and shows the reason. */
export const features = [
  "image",
  "preset",
  "inflight",
  "cpu",
  "port",
  "redirectFrom",
  "resources",
  "runAsRoot",
  "pullSecret",
  "gatewayClass",
  "serviceType",
  "scaleDownSeconds",
] as const;
export type Feature = (typeof features)[number];

/** Why a place can't do something; what isn't named it can. */
export function refusedFeatures({
  kind,
  offers,
}: Pick<Place, "kind" | "offers">): Partial<Record<Feature, string>> {
  switch (kind) {
    case "local":
      return {
        image: findTarget("local").imageRefusal ?? undefined,
        cpu: "On this machine replicas scale on requests in flight. Choose that, or a fixed number.",
        resources: "Replicas on this machine share all of it. Resources are for clusters.",
        runAsRoot: "This is for images, which run on clusters.",
        pullSecret: "Nothing is pulled on this machine. A pull secret is for clusters.",
        gatewayClass: "There is no Gateway on this machine. Gateway classes are a cluster's.",
        serviceType: "There are no Services on this machine: its endpoints are ports of it.",
        scaleDownSeconds: "On this machine it is 30 seconds.",
      };
    case "gke":
      return {
        inflight: "A cluster scales on processor use. Choose that, or a fixed number.",
        port: "On Google Cloud the ports are 80, and 443 where there is HTTPS.",
        redirectFrom: "On Google Cloud HTTP is redirected by itself where there is HTTPS.",
        gatewayClass: "On Google Cloud its load balancer brings the traffic: there is no Gateway to choose.",
        serviceType: "On Google Cloud its load balancer brings the traffic: there is no Service to choose.",
        ...(offers && presetRefusal(offers)),
      };
    case "kubernetes":
      return {
        inflight: "A cluster scales on processor use. Choose that, or a fixed number.",
        port: "On a cluster the port is the Service's: 80 or 443, or a node port that the cluster chooses.",
        redirectFrom: "On a cluster HTTP is redirected by itself where there is HTTPS.",
        ...(offers && lackingIn(offers)),
      };
  }
}

function lackingIn(offers: NonNullable<Place["offers"]>): Partial<Record<Feature, string>> {
  return {
    ...presetRefusal(offers),
    ...(!offers.autoscaling && {
      cpu: "This cluster has no metrics API (metrics-server), so nothing tells how busy replicas are. Choose a fixed number.",
    }),
    ...(offers.gatewayClasses.length === 0 && {
      gatewayClass: "This cluster has no Gateway class that can be used.",
    }),
  };
}

function presetRefusal({ imagePrefix }: NonNullable<Place["offers"]>): Partial<Record<Feature, string>> {
  return imagePrefix === null
    ? {
        preset:
          "This target has no image prefix, so there is nowhere to pull the built-in models' images from. An admin sets it on the target's page, and `npm run images -- PREFIX` pushes them.",
      }
    : {};
}

/** What is asked of a place, and where it stands in what was sent. */
export type Asked = { feature: Feature; field: string };

/**
 * What a place can't do of what is asked of it, field by field.
 *
 * @param asked only what was really sent, defaults left out
 */
export function refusals(
  place: Place,
  asked: readonly Asked[],
  given: { env?: readonly { name: string }[]; gatewayClass?: string | null },
): FieldError[] {
  const refused = refusedFeatures(place);
  const problems = asked.flatMap(({ feature, field }) => {
    const message = refused[feature];
    return message === undefined ? [] : [{ field, message }];
  });
  return [
    ...problems,
    ...gatewayProblems(place, refused, given.gatewayClass),
    ...envProblems(place, given.env),
  ];
}

function gatewayProblems(
  { offers }: Place,
  refused: Partial<Record<Feature, string>>,
  wanted: string | null | undefined,
): FieldError[] {
  if (!wanted || !offers || refused.gatewayClass || offers.gatewayClasses.includes(wanted)) return [];
  const message = `This cluster has no Gateway class "${wanted}" that can be used. Choose one of: ${offers.gatewayClasses.join(", ")}.`;
  return [{ field: "endpoint.gatewayClass", message }];
}

function envProblems(place: Place, env: readonly { name: string }[] = []): FieldError[] {
  if (place.kind !== "local") return [];
  return env.flatMap(({ name }, index) =>
    isReservedEnvName(name)
      ? [
          {
            field: `env.${index}.name`,
            message: `${name} is kept for the system on this target. Choose another name.`,
          },
        ]
      : [],
  );
}

/** A model of the catalogue that has no program for this machine. */
export function presetProblem(place: Place, model: Spec["variants"][number]["model"]): string | null {
  if (place.kind !== "local" || "image" in model) return null;
  const preset = findPreset(model.preset);
  return preset && preset.entry === null ? `${preset.title} runs on Kubernetes targets alone.` : null;
}
