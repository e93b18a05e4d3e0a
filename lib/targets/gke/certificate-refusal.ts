import { X509Certificate } from "node:crypto";

/**
 * Why Google's load balancer doesn't take a certificate that others do, as a sentence with what to do; null: it does. A
 * global one knows keys of RSA with 2048 bits and of ECDSA on P-256, and no others
 * (cloud.google.com/load-balancing/docs/quotas, "Supported key types for global self-managed SSL certificates").
 *
 * @param pem the endpoint's own certificate first; it can be read
 */
export function certificateRefusal(pem: string): string | null {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = new X509Certificate(pem).publicKey;
  const isTaken =
    (type === "rsa" && details?.modulusLength === 2048) ||
    (type === "ec" && details?.namedCurve === "prime256v1");
  return isTaken
    ? null
    : "Google's load balancer takes keys of RSA with 2048 bits or ECDSA on P-256 alone. Give a certificate for such a key, or a domain, for which Google gets one.";
}
