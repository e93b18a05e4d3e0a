import type { Standing } from "#lib/deployments/complete-google.ts";
import type { GoogleSpec } from "#lib/deployments/google-spec.ts";
import type { FieldError } from "#lib/errors.ts";

/** Certificates that leave are kept beside the new one; a proxy of Google's has 15 at most. */
const mostLeaving = 10;

/**
 * The earlier domains whose certificates are kept beside that of the domain: until it answers, one of them may be all that
 * works. Of a domain that answered before the change no earlier one is needed. Those that Google has no certificate for
 * (any more) are passed over when an operation is prepared (`settledDomains`).
 *
 * @returns more than can be kept, where `leavingRefusals` has something to say
 */
export function leavingDomains(domain: string | null, standing: Standing | null): string[] {
  const before = standing?.isMade ? standing.spec.google : null;
  if (domain === null || !before) return [];
  if (domain === before.domain) return before.leavingDomains;
  const earlier = standing?.isServed ? [before.domain] : [before.domain, ...before.leavingDomains];
  return [...new Set(earlier)].filter((name) => name !== null).filter((name) => name !== domain);
}

/** Why there can't be one more: the oldest may be the only one with a certificate that works, so none is dropped. */
export function leavingRefusals({
  domain,
  leavingDomains,
}: Pick<GoogleSpec, "domain" | "leavingDomains">): FieldError[] {
  if (domain === null || leavingDomains.length <= mostLeaving) return [];
  const [newest, ...others] = leavingDomains;
  const message = `${newest} doesn't answer over HTTPS yet, and the certificates of ${others.length} earlier domains are kept until it does, which are as many as can be. Wait until it answers, or take one of those again: ${others.join(", ")}.`;
  return [{ field: "google.domain", message }];
}
