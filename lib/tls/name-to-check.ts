import type { EndpointView } from "#lib/deployments/view.ts";
import { isFor, namesOf, readChain } from "#lib/tls/read-certificate.ts";

/**
 * The name that a caller has to check an endpoint's certificate for, where it isn't the address's own: a cluster gives
 * an address that no certificate could be made for before, and a name of Sluice's own leads nowhere by itself.
 *
 * @returns null where calling the address is enough
 */
export function nameToCheck({ url, certificate }: Pick<EndpointView, "url" | "certificate">): string | null {
  const [own] = readChain(certificate ?? "");
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  if (!own || (isFor(own, host) && !host.endsWith(".sluice.internal"))) return null;
  const names = namesOf(own).filter((name) => !loopback.has(name));
  const wildcard = names.find((name) => name.startsWith("*."));
  return names.find((name) => !name.includes("*")) ?? wildcard?.replace("*", anyLabel) ?? null;
}

/** A certificate for a wildcard alone is for every name under it: this one needn't lead anywhere. */
const anyLabel = "model";

/** Each certificate that Sluice makes is for these too, and they say nothing of where it is. */
const loopback = new Set(["localhost", "127.0.0.1"]);
