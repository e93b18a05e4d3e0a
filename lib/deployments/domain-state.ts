import * as z from "zod";
import { certificateStates } from "#lib/deployments/certificate-states.ts";

/** What was seen of a deployment's domain, whose certificate Google gets once DNS leads here. */
export const domainState = z.object({
  domain: z.string(),
  /** the only address that DNS may have for it */
  wanted: z.string(),
  /** addresses that DNS has for it; null: it couldn't be asked */
  found: z.array(z.string()).nullable(),
  /** Google's word: PROVISIONING, ACTIVE, FAILED_NOT_VISIBLE and the like; null: it didn't say */
  certificate: z.string().nullable(),
  /** there was an answer over HTTPS at the address, with the domain as name */
  answers: z.boolean(),
  checkedAt: z.iso.datetime(),
});
export type DomainState = z.infer<typeof domainState>;

/** @throws ZodError if what is stored isn't one */
export function readDomainState(stored: unknown): DomainState | null {
  return stored === null || stored === undefined ? null : domainState.parse(stored);
}

/** Whether a deployment's domain was seen to answer; what was seen may be of an earlier one. */
export function isServed(state: DomainState | null, domain: string | null): boolean {
  return state !== null && state.domain === domain && state.answers;
}

/**
 * Why a deployment doesn't answer by its domain yet, for people; null: it does, or it has none.
 *
 * @param stored what was seen of its domain, or of the one before
 * @param domain the one that it has now
 * @param wanted the address that it is reached at
 */
export function domainShortage(stored: unknown, domain: string | null, wanted: string): string | null {
  if (domain === null) return null;
  const state = readDomainState(stored);
  if (state?.domain === domain) return domainWords(state);
  return `Google's certificate for ${domain} isn't in use yet. ${recordToSet({ domain, wanted })}.`;
}

/**
 * What to do until a domain answers, for people; null: it does. What Google's words mean is from
 * cloud.google.com/load-balancing/docs/ssl-certificates/troubleshooting.
 */
export function domainWords(state: DomainState): string | null {
  if (state.answers) return null;
  const { domain, certificate } = state;
  return `Google's certificate for ${domain} isn't in use yet${stateWords(certificate)}. ${recordWords(state)}${caaWords(state)}`;
}

/** With Google's own word behind, by which its manual knows it. */
function stateWords(certificate: string | null): string {
  if (certificate === null) return "";
  const words = certificateStates[certificate];
  return words ? `: ${words} (${certificate})` : ` (${certificate})`;
}

function recordToSet({ domain, wanted }: Pick<DomainState, "domain" | "wanted">): string {
  return `Set one A record for ${domain}, with the address ${wanted}, and no AAAA record`;
}

function recordWords(state: DomainState): string {
  const { wanted, found } = state;
  const set = recordToSet(state);
  if (found === null) return `${set}: DNS couldn't be asked what it says now.`;
  if (found.length === 0) return `${set}: DNS has none yet.`;
  const others = found.filter((address) => address !== wanted);
  if (others.length > 0) return `${set}: DNS says ${found.join(", ")} now.`;
  return `DNS says ${wanted}, as it should. From then on Google takes up to an hour, seldom a day.`;
}

function caaWords({ domain, certificate }: DomainState): string {
  switch (certificate) {
    case "FAILED_CAA_CHECKING":
      return ` Google couldn't read the CAA records of ${domain}: see whether its DNS servers answer all who ask for them.`;
    case "FAILED_CAA_FORBIDDEN":
      return ` A CAA record of ${domain} forbids it: let pki.goog issue, or take the record away.`;
    case "FAILED_RATE_LIMITED":
      return " Google's authority was asked for too many certificates: it is tried again by itself.";
    default:
      return "";
  }
}
