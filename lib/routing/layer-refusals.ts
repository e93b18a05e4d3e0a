import type { FieldError } from "#lib/errors.ts";
import type { Affinity, Layer, Rule, TargetName } from "#lib/deployments/spec.ts";

/**
 * What a load balancer of layer 4 can't do, field by field: it passes connections on and reads nothing in them.
 * The same on every target. Weights, algorithms, affinity by address and health checks work.
 */
export function layerRefusals(
  routing: { layer: Layer; rules: readonly Rule[]; affinity: Affinity },
  endpoint: { access: "private" | "open"; tls: { mode: string }; gatewayClass?: string | null },
): FieldError[] {
  if (routing.layer === 7) return [];
  const problems: FieldError[] = [];
  const refuse = (field: string, message: string) => problems.push({ field, message });
  for (const index of routing.rules.keys()) {
    refuse(
      `routing.rules.${index}`,
      "A rule reads the request, and layer 4 doesn't. Remove it, or choose layer 7.",
    );
  }
  if (routing.affinity.by === "cookie" || routing.affinity.by === "header") {
    const message = `Sticking by ${routing.affinity.by} reads the request, and layer 4 doesn't. Choose the caller's address, or layer 7.`;
    refuse("routing.affinity", message);
  }
  if (endpoint.access === "private") {
    const message =
      "A key is in the request, and layer 4 doesn't read it. Choose open, where everyone who reaches the address may call the model, or layer 7.";
    refuse("endpoint.access", message);
  }
  if (endpoint.tls.mode !== "none") {
    const message =
      "HTTPS ends in a load balancer of layer 7; layer 4 passes on the model's own bytes. Choose no HTTPS, or layer 7.";
    refuse("endpoint.tls", message);
  }
  if (endpoint.gatewayClass) {
    const message = "A Gateway routes HTTP, which is layer 7. Choose no Gateway class, or layer 7.";
    refuse("endpoint.gatewayClass", message);
  }
  return problems;
}

/** On a cluster layer 4 is a plain Service, which knows pods and nothing of variants. */
export function variantRefusals(kind: TargetName, layer: Layer, variants: readonly unknown[]): FieldError[] {
  if (kind === "local" || layer === 7 || variants.length < 2) return [];
  const message =
    "At layer 4 a cluster shares connections over all pods, whatever the weights of their variants. Choose one variant, or layer 7.";
  return [{ field: "variants", message }];
}
