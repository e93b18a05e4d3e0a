import { globalLink } from "#lib/targets/gke/links.ts";
import { certificateName, hashOf } from "#lib/targets/gke/names.ts";
import { marked, planned, type Parts } from "#lib/targets/gke/plan/parts.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";
import { secretInput } from "#lib/targets/secret-input.ts";

/** What the endpoint serves HTTPS with, the newest first; nothing: it serves HTTP alone. */
export function planCertificates(parts: Parts): PlannedResource[] {
  const { domain } = parts.settings;
  if (domain) return [domain.name, ...domain.leaving].map((name) => managedCertificate(parts, name));
  return ownCertificate(parts);
}

/** Partial links for the proxy that takes HTTPS. */
export function certificateLinks({ settings }: Parts, certificates: readonly PlannedResource[]): string[] {
  return certificates.map(({ inputs }) =>
    globalLink(settings.project, "sslCertificates", String(inputs.name)),
  );
}

/** The domain is in its name here and at Google, so that one for another domain comes beside it. */
function managedCertificate(parts: Parts, domain: string): PlannedResource {
  return planned(
    parts,
    gkeTypes.managedCertificate,
    `certificate-${hashOf([domain])}`,
    `A certificate that Google gets and renews for ${domain}, once its DNS record leads here`,
    {
      name: certificateName(parts.deploymentId, [domain]),
      description: marked(parts).description,
      managed: { domains: [domain] },
    },
  );
}

function ownCertificate(parts: Parts): PlannedResource[] {
  const { tls } = parts.spec.endpoint;
  if (tls.mode === "none") return [];
  const summary =
    tls.mode === "self-signed" ? "The certificate that Sluice made for trial" : "The given certificate";
  return [
    planned(parts, gkeTypes.certificate, "certificate", summary, {
      // Another key has another id, which tells nothing of it.
      name: certificateName(parts.deploymentId, [tls.certificate, tls.keyId]),
      description: marked(parts).description,
      certificate: tls.certificate,
      privateKey: secretInput("certificateKey"),
    }),
  ];
}
