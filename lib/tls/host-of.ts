import { isFor, namesOf, readChain } from "#lib/tls/read-certificate.ts";

/**
 * The host of an HTTPS address: the one that is reached, if the certificate is for it, else the first whole name
 * that it is for. A name that the certificate isn't for would be refused by every client.
 */
export function hostOf(certificate: string, reached: string): string {
  const [own] = readChain(certificate);
  if (!own || isFor(own, reached)) return reached;
  return namesOf(own).find((name) => !name.includes("*")) ?? reached;
}
