import { createSecureContext, type SecureContext } from "node:tls";
import { relativeOf } from "#e2e/cloud/google/compute/references.ts";
import { objectAt, stringAt, stringsAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Model } from "#e2e/cloud/google/model.ts";

/** Makes a certificate for domains; both are PEM. */
export type Issue = (domains: string[]) => Promise<{ certificate: string; privateKey: string }>;

/**
 * What a proxy presents for a name: the certificate that covers it, else its first. A managed one presents
 * nothing until it is ACTIVE, and the handshake fails, as it does at Google.
 *
 * @throws Error where there is none
 */
export async function contextFor(
  model: Model,
  proxyKey: string,
  name: string,
  issue: Issue | undefined,
): Promise<SecureContext> {
  const urls = stringsAt(model.store.get(proxyKey)?.body ?? {}, "sslCertificates");
  const stored = urls.map((url) => model.store.get(`compute/${relativeOf(model, "", url)}`));
  const pairs = await Promise.all(stored.map((each) => pairOf(each?.body ?? {}, issue)));
  const usable = pairs.filter((pair) => pair !== null);
  const chosen = usable.find(({ domains }) => domains.includes(name)) ?? usable[0];
  if (!chosen) throw new Error("No certificate is active.");
  return createSecureContext({ cert: chosen.certificate, key: chosen.privateKey });
}

async function pairOf(body: JsonObject, issue: Issue | undefined) {
  if (body.type === "SELF_MANAGED") {
    return {
      domains: [],
      certificate: stringAt(body, "certificate"),
      privateKey: stringAt(body, "privateKey"),
    };
  }
  const managed = objectAt(body, "managed");
  if (managed.status !== "ACTIVE" || !issue) return null;
  const domains = stringsAt(managed, "domains");
  return { domains, ...(await issue(domains)) };
}
