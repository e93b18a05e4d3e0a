import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { globalLink } from "#lib/targets/gke/links.ts";
import { certificateName } from "#lib/targets/gke/names.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";

const certificate = z.looseObject({ managed: z.looseObject({ status: z.string().nullish() }).nullish() });

/** How long Google may take to say it, in milliseconds: until then nobody hears a cancel, and without a word they stay. */
const withinMs = 5_000;

/** What Google has for a domain; null: nothing. `unknown`: it can't be asked. */
type Status = string | null;

/**
 * The settings without the domains that may leave: an earlier one keeps its certificate only until the new one's is
 * ACTIVE, and one whose certificate went already gets none again. That is looked at when an operation is prepared, so
 * they go with the first operation after that; where Google can't be asked, they stay.
 */
export async function settledDomains(
  api: Pick<GoogleApi, "find">,
  deploymentId: string,
  settings: GkeSettings,
): Promise<GkeSettings> {
  const { domain, project } = settings;
  if (!domain || domain.leaving.length === 0) return settings;
  const signal = AbortSignal.timeout(withinMs);
  const statusOf = async (name: string): Promise<Status> => {
    const path = globalLink(project, "sslCertificates", certificateName(deploymentId, [name]));
    const found = await api.find({ service: "compute", path, signal }).catch(() => ({}));
    return found === null ? null : (certificate.safeParse(found).data?.managed?.status ?? "unknown");
  };
  const [now, ...earlier] = await Promise.all([domain.name, ...domain.leaving].map(statusOf));
  const leaving = now === "ACTIVE" ? [] : domain.leaving.filter((_, index) => earlier[index] !== null);
  return { ...settings, domain: { ...domain, leaving } };
}
