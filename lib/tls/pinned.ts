import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { namesOf, readChain } from "#lib/tls/read-certificate.ts";

/**
 * How to connect to who holds exactly this certificate, and to nobody else: the chain is trusted as far as it
 * goes, and the server must show its first certificate, under whichever name it is reached.
 *
 * @param pem the endpoint's own certificate first
 */
export function pinned(pem: string): ConnectionOptions {
  const chain = readChain(pem);
  const [own] = chain;
  if (!own) throw new Error("There is no certificate to trust.");
  const name = namesOf(own).find((each) => /^[A-Za-z]/.test(each) && !isIP(each));
  return {
    ca: chain.map((certificate) => certificate.toString()),
    allowPartialTrustChain: true,
    // Said, so that NODE_TLS_REJECT_UNAUTHORIZED has no say.
    rejectUnauthorized: true,
    ...(name ? { servername: name } : {}),
    checkServerIdentity: (_host, shown) =>
      shown.fingerprint256 === own.fingerprint256
        ? undefined
        : new Error("The endpoint shows another certificate than the one it was deployed with."),
  };
}
