import { ZodError } from "zod";
import { ApiError, ApiUnreachable } from "#infra/kubernetes/api-client.ts";
import { UnsealError } from "#lib/secrets/seal.ts";
import { KubeconfigError } from "#lib/targets/kubernetes/kubeconfig-error.ts";
import type { Trouble } from "#lib/targets/kubernetes/findings.ts";

/**
 * Why a cluster can't be used, for people. The sentence names no address and nothing of the kubeconfig: members read it
 * too.
 */
export function explainTrouble(error: unknown): Trouble {
  if (error instanceof ApiError && error.status === 401) {
    return {
      code: "unauthorized",
      message: "The cluster answers, but doesn't take the credentials (401).",
      todo: "They were revoked, or are another cluster's. Make new ones and replace the kubeconfig.",
    };
  }
  if (error instanceof UnsealError) {
    return {
      code: "unsealable",
      message: "The kubeconfig can't be opened with this portal's key.",
      todo: "Start Sluice with the key it was stored with, or replace the kubeconfig.",
    };
  }
  if (error instanceof ApiError || error instanceof ZodError) {
    return {
      code: "not_understood",
      message: `The cluster answers, but not as expected${error instanceof ApiError ? ` (${error.status})` : ""}.`,
      todo: "See whether its API server is well: kubectl get --raw /readyz?verbose. Then check again.",
    };
  }
  if (error instanceof KubeconfigError) {
    return { code: "expired", message: error.message, todo: "Then replace the kubeconfig here." };
  }
  const reason = error instanceof ApiUnreachable ? error.cause : error;
  return explainConnection(reason instanceof Error ? reason : new Error(String(reason)));
}

function explainConnection(error: Error): Trouble {
  const code = "code" in error ? String(error.code) : "";
  if (
    error.name === "TimeoutError" ||
    error.name === "AbortError" ||
    code === "ETIMEDOUT" ||
    code === "ABORT_ERR"
  ) {
    return {
      code: "timeout",
      message: "The cluster didn't answer in time.",
      todo: "See whether a firewall drops what goes from this machine to the API server's port.",
    };
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return {
      code: "dns",
      message: "The cluster's name isn't known to DNS on this machine.",
      todo: "See whether the name is right, and whether this machine needs a VPN to know it.",
    };
  }
  if (code === "ECONNREFUSED") {
    return {
      code: "refused",
      message: "Nothing listens at the cluster's address.",
      todo: "See whether the API server runs and the port is right.",
    };
  }
  if (isTls(code)) return explainTls(code);
  return {
    code: "unreachable",
    message: `There is no way to the cluster from this machine${code ? ` (${code})` : ""}.`,
    todo: "See whether this machine reaches the API server's network.",
  };
}

/** Codes of OpenSSL's verification, of Node's own look at the names, and of a handshake that one side ended. */
function isTls(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_|EPROTO)/.test(
    code,
  );
}

function explainTls(code: string): Trouble {
  const tls = { code: "tls" } as const;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" || code === "HOSTNAME_MISMATCH") {
    return {
      ...tls,
      message: "The cluster's certificate is for another name than the kubeconfig's server.",
      todo: "Use an address that is in the certificate, or set tls-server-name to a name that is.",
    };
  }
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    return {
      ...tls,
      message: "The cluster's certificate isn't valid today.",
      todo: "Renew the API server's certificate, and compare the clocks of both machines.",
    };
  }
  if (/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_)/.test(code)) {
    return {
      ...tls,
      message: "The cluster's certificate isn't signed by the authority that the kubeconfig names.",
      todo: "The cluster was made anew or its authority changed. Register it as a target of its own, with a new kubeconfig.",
    };
  }
  return {
    ...tls,
    message: `No encrypted connection to the cluster came about (${code}).`,
    todo: "See whether the address leads to the API server itself, and whether the client certificate is its own.",
  };
}
