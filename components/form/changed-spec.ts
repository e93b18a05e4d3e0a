import type { Spec } from "#lib/deployments/spec.ts";
import type { SpecView } from "#lib/deployments/view.ts";

/**
 * A spec as views show it, with what was typed: secrets without their ids, and the certificate that is there while none is
 * given.
 *
 * @param fields the top-level ones that are sent, where `before` isn't what the form began with: the others stay as they
 * are in it; null: all that was typed
 */
export function changedSpec(before: SpecView, typed: Spec, fields: readonly string[] | null): SpecView {
  const { tls } = typed.endpoint;
  const isKept = tls.mode === before.endpoint.tls.mode && (tls.mode === "none" || tls.certificate === "");
  const all: SpecView = {
    ...typed,
    endpoint: {
      ...typed.endpoint,
      tls: { mode: tls.mode, certificate: isKept ? before.endpoint.tls.certificate : null },
    },
    env: typed.env.map((env) => ("value" in env ? env : { name: env.name, secret: true as const })),
    pullSecret: typed.pullSecret && {
      registry: typed.pullSecret.registry,
      username: typed.pullSecret.username,
    },
  };
  if (fields === null) return all;
  const sent = Object.entries(all).filter(([field]) => fields.includes(field));
  return { ...before, ...Object.fromEntries(sent) };
}
