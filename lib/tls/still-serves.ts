import { isFor, readChain } from "#lib/tls/read-certificate.ts";

const renewMs = 30 * 86_400_000;

/** Whether a self-signed certificate still does: it is for this host, and has a month left. */
export function stillServes(certificate: string, host: string, now: Date): boolean {
  const [own] = readChain(certificate);
  if (!own) return false;
  const hasAMonth = own.validToDate.getTime() - now.getTime() > renewMs;
  return hasAMonth && selfSignedNames(host).every((name) => isFor(own, name));
}

/** What a self-signed certificate is for: the host, and this machine besides. */
export function selfSignedNames(host: string): string[] {
  return [...new Set([host, "localhost", "127.0.0.1"])];
}
