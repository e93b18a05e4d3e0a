import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";
import type { DomainState } from "#lib/deployments/domain-state.ts";
import { sendToEndpoint } from "#lib/deployments/send-to-endpoint.ts";
import { globalLink } from "#lib/targets/gke/links.ts";
import { certificateName } from "#lib/targets/gke/names.ts";

/** How the world outside is asked. */
export type Outside = {
  /** @returns addresses that DNS has for a name; null: it couldn't be asked */
  resolve(domain: string): Promise<string[] | null>;
  /** whether anything is answered over HTTPS at the address, with the domain as name */
  answers(domain: string, ip: string): Promise<boolean>;
};

const withinMs = 5_000;

/** @param ask one record kind of one name, as node:dns does */
export function resolverOf(
  ask: (domain: string, kind: "A" | "AAAA") => Promise<string[]>,
): Outside["resolve"] {
  const records = (domain: string, kind: "A" | "AAAA") =>
    ask(domain, kind).catch((error: unknown) => {
      const { code } = error as { code?: string };
      if (code === "ENODATA" || code === "ENOTFOUND") return [];
      throw error;
    });
  return async (domain) => {
    try {
      return (await Promise.all([records(domain, "A"), records(domain, "AAAA")])).flat();
    } catch {
      return null;
    }
  };
}

export async function answersOverHttps(domain: string, ip: string): Promise<boolean> {
  try {
    const endpoint = { url: `https://${domain}`, ip, port: 443, access: "open" } as const;
    const signal = AbortSignal.timeout(withinMs);
    const response = await sendToEndpoint(endpoint, { method: "GET", path: "/", headers: {}, signal });
    response.destroy();
    return true;
  } catch {
    return false;
  }
}

const certificate = z.looseObject({
  managed: z
    .looseObject({
      status: z.string().nullish(),
      domainStatus: z.record(z.string(), z.string()).nullish(),
    })
    .nullish(),
});

/**
 * Looks at a domain once. One that has answered stays so while its certificate is ACTIVE: that nothing answers just
 * then has other reasons.
 *
 * @throws what Google's API throws
 */
export async function lookAtDomain(
  api: Pick<GoogleApi, "find">,
  outside: Outside,
  of: {
    deploymentId: string;
    project: string;
    domain: string;
    ip: string;
    before: DomainState | null;
    now: Date;
  },
  signal: AbortSignal,
): Promise<DomainState> {
  const { deploymentId, project, domain, ip, before, now } = of;
  const path = globalLink(project, "sslCertificates", certificateName(deploymentId, [domain]));
  const [google, found, isAnswered] = await Promise.all([
    api.find({ service: "compute", path, signal }),
    outside.resolve(domain),
    outside.answers(domain, ip),
  ]);
  const managed = google === null ? null : certificate.parse(google).managed;
  const status = managed?.domainStatus?.[domain] ?? managed?.status ?? null;
  const didAnswer = before?.domain === domain && before.wanted === ip && before.answers;
  return {
    domain,
    wanted: ip,
    found: found?.toSorted() ?? null,
    certificate: status,
    answers: isAnswered || (didAnswer && status === "ACTIVE"),
    checkedAt: now.toISOString(),
  };
}
