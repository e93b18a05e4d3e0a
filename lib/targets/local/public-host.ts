import { networkInterfaces } from "node:os";

/**
 * The host in endpoints' addresses: the address that they listen on, or, where they listen on all, the one that
 * the portal is known by, else this machine's first address.
 */
export function publicHost(bind: string, portalUrl: string | undefined): string {
  if (bind !== "0.0.0.0" && bind !== "::") return bind;
  if (portalUrl) return new URL(portalUrl).hostname.replace(/^\[|\]$/g, "");
  const outward = Object.values(networkInterfaces())
    .flat()
    .find((address) => address && !address.internal && address.family === "IPv4");
  return outward?.address ?? "127.0.0.1";
}
