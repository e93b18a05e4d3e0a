import type * as z from "zod";
import type { specInput } from "#lib/deployments/spec.ts";
import type { Asked, Feature } from "#lib/targets/refusals.ts";

type Given = z.output<typeof specInput>;
type GivenVariant = Pick<NonNullable<Given["variants"]>[number], "model" | "scaling" | "resources">;

/** Which features a spec asks for, and where it says so. A default asks for nothing. */
export function askedOf(given: Given): Asked[] {
  const { endpoint, pullSecret, variants } = given;
  const asked: Asked[] = [];
  const ask = (feature: Feature, isAsked: unknown, field: string) => {
    if (isAsked) asked.push({ feature, field });
  };
  for (const [base, variant] of variants?.map((one, index) => [`variants.${index}.`, one] as const) ?? [
    ["", given],
  ]) {
    const { model, scaling, resources } = variant as Partial<GivenVariant>;
    if (model && "image" in model) {
      ask("image", true, `${base}model.image`);
      ask("runAsRoot", model.runAsRoot, `${base}model.runAsRoot`);
    } else if (model) ask("preset", true, `${base}model.preset`);
    ask("inflight", scaling?.metric === "inflight", `${base}scaling.metric`);
    ask("cpu", scaling?.metric === "cpu", `${base}scaling.metric`);
    ask("inflight", scaling?.targetInFlight !== undefined, `${base}scaling.targetInFlight`);
    ask("cpu", scaling?.targetCpuPercent !== undefined, `${base}scaling.targetCpuPercent`);
    ask("scaleDownSeconds", scaling?.scaleDownSeconds !== undefined, `${base}scaling.scaleDownSeconds`);
    ask("resources", resources, `${base}resources`);
  }
  ask("port", endpoint?.port, "endpoint.port");
  ask("redirectFrom", endpoint?.redirectFrom, "endpoint.redirectFrom");
  ask("gatewayClass", endpoint?.gatewayClass, "endpoint.gatewayClass");
  ask("serviceType", endpoint?.serviceType, "endpoint.serviceType");
  ask("pullSecret", pullSecret, "pullSecret");
  return asked;
}
