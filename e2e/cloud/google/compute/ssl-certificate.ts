import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Kind } from "#e2e/cloud/google/compute/kinds.ts";
import { invalid, invalidValue } from "#e2e/cloud/google/google-error.ts";
import { objectAt, stringAt, stringsAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Model } from "#e2e/cloud/google/model.ts";

export const sslCertificateKind: Kind = {
  verbs: ["insert", "delete"],
  hidden: ["privateKey"],
  check({ body }) {
    return stringAt(body, "type") === "MANAGED" ? checkManaged(body) : checkGiven(body);
  },
};

/** Nobody's DNS points here yet, so it stays PROVISIONING until a test says otherwise. */
function checkManaged(body: JsonObject) {
  const domains = stringsAt(objectAt(body, "managed"), "domains");
  if (domains.length === 0 || domains.length > 100) {
    throw invalidValue("resource.managed.domains", domains, "A managed certificate needs 1 to 100 domains.");
  }
  for (const domain of domains) {
    const plain = /^(?=.{4,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]*[a-z0-9])\.?$/;
    if (!plain.test(domain))
      throw invalidValue(
        "resource.managed.domains",
        domain,
        "Domain name is invalid; wildcards aren't supported.",
      );
  }
  if (stringAt(body, "certificate") !== "") {
    throw invalidValue("resource.certificate", "", "It can't be set together with managed.");
  }
  return { fill: { managed: { domains, ...stateOf(domains, "PROVISIONING") } } };
}

function checkGiven(body: JsonObject) {
  const selfManaged = objectAt(body, "selfManaged");
  const pem = stringAt(body, "certificate") || stringAt(selfManaged, "certificate");
  const key = stringAt(body, "privateKey") || stringAt(selfManaged, "privateKey");
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    throw invalid("The SSL certificate could not be parsed.");
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key))) {
      throw invalid("The SSL key doesn't match the SSL certificate.");
    }
  } catch (error) {
    throw error instanceof Error && error.name === "GoogleError"
      ? error
      : invalid("The SSL key could not be parsed.");
  }
  return {
    fill: {
      type: "SELF_MANAGED",
      selfManaged: { certificate: pem },
      certificate: pem,
      privateKey: key,
      expireTime: new Date(certificate.validTo).toISOString(),
    },
  };
}

/** What a managed certificate can come to, by Google's names. */
export type CertificateState =
  | "PROVISIONING"
  | "ACTIVE"
  | "FAILED_NOT_VISIBLE"
  | "FAILED_CAA_CHECKING"
  | "FAILED_CAA_FORBIDDEN"
  | "FAILED_RATE_LIMITED";

/** While a domain fails, Google goes on trying: the certificate as a whole stays PROVISIONING. */
function stateOf(domains: string[], state: CertificateState): JsonObject {
  const domainStatus = Object.fromEntries(domains.map((domain) => [domain, state]));
  return { status: state === "ACTIVE" ? "ACTIVE" : "PROVISIONING", domainStatus };
}

/** Says what has become of a managed certificate. @throws Error where there is none of the name */
export function setCertificate(model: Model, project: string, name: string, state: CertificateState): void {
  const stored = model.store.get(`compute/projects/${project}/global/sslCertificates/${name}`);
  if (stored?.body.type !== "MANAGED") throw new Error(`There is no managed certificate ${name}.`);
  const domains = stringsAt(objectAt(stored.body, "managed"), "domains");
  model.store.change(
    stored,
    { ...stored.body, managed: { domains, ...stateOf(domains, state) } },
    model.clock.now(),
  );
}
