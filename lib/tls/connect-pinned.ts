import type { ClientRequestArgs } from "node:http";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect } from "node:tls";
import { namesOf, readChain } from "#lib/tls/read-certificate.ts";

/** What is put beside the other options of one HTTPS request, in place of an agent. */
type Pinned = {
  createConnection(
    options: ClientRequestArgs,
    done: (error: Error | null, socket: Duplex) => void,
  ): undefined;
};

/**
 * How to connect to who holds exactly this certificate and its key, and to nobody else. Until what is shown has
 * been compared, nothing of a request is written. Neither names nor time nor authorities have a say: an endpoint
 * whose certificate has ended is still the one that was deployed.
 *
 * @param pem the endpoint's own certificate first
 * @param signal the request's own: it ends the wait for a connection too
 */
export function connectPinned(pem: string, signal?: AbortSignal): Pinned {
  const [own] = readChain(pem);
  if (!own) throw new Error("There is no certificate to trust.");
  const servername = namesOf(own).find((each) => /^[A-Za-z]/.test(each) && !isIP(each));
  return {
    createConnection({ host, port }, done) {
      const socket = connect({
        host: host ?? "localhost",
        port: Number(port),
        rejectUnauthorized: false,
        ...(servername ? { servername } : {}),
      });
      const onAbort = () => socket.destroy(signal?.reason as Error);
      const settle = (error: Error | null) => {
        signal?.removeEventListener("abort", onAbort);
        if (error) socket.destroy();
        done(error, socket);
      };
      socket.once("error", settle);
      socket.once("secureConnect", () => {
        const shown = socket.getPeerX509Certificate()?.fingerprint256;
        settle(shown === own.fingerprint256 ? null : new Error(another));
      });
      if (signal?.aborted) onAbort();
      else signal?.addEventListener("abort", onAbort);
      return undefined;
    },
  };
}

const another = "The endpoint shows another certificate than the one it was deployed with.";
