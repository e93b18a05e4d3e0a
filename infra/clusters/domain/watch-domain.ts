import { Resolver } from "node:dns/promises";
import {
  answersOverHttps,
  lookAtDomain,
  resolverOf,
  type Outside,
} from "#infra/clusters/domain/look-at-domain.ts";
import type { LiveDeployment } from "#infra/clusters/live-deployments.ts";
import { rounds, type Rounds } from "#infra/clusters/rounds.ts";
import type { GoogleApi } from "#infra/google/api-client.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { publish } from "#lib/changes/publish.ts";
import { readDomainState, type DomainState } from "#lib/deployments/domain-state.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import { Prisma } from "#prisma/generated/client.ts";

/** DNS and Google take minutes; who has set the record looks now and then. */
const whilePendingMs = 30_000;
const onceItAnswersMs = 60 * 60_000;
/** Before the address is known, and where there is no domain. */
const withoutMs = 5_000;

type Parts = Pick<WorkerContext, "db" | "clock" | "log"> & {
  api: Pick<GoogleApi, "find">;
  signal: AbortSignal;
  outside?: Outside;
};

/**
 * Keeps what is seen of a deployment's domain until it answers over HTTPS, and now and then after.
 *
 * @param newest what rows say of the deployment now
 */
export function watchDomain(parts: Parts, newest: () => LiveDeployment): Rounds {
  const { signal, log } = parts;
  const { id } = newest();
  return rounds(() => lookOnce(parts, newest()), signal, {
    failing: (error) =>
      log.info({ deployment: id, err: error }, "a domain couldn't be looked at, and is again"),
    well: () => log.info({ deployment: id }, "a domain is looked at again"),
  });
}

/** @returns milliseconds until the next look */
async function lookOnce(parts: Parts, { id, spec, place }: LiveDeployment): Promise<number> {
  const { db, clock, api, signal, outside = theWorld } = parts;
  const row = await db.deployment.findUnique({
    where: { id },
    select: { endpoint: true, domainState: true },
  });
  const before = readDomainState(row?.domainState);
  const domain = spec.google?.domain ?? null;
  const { ip } = (row?.endpoint ?? {}) as Partial<EndpointView>;
  if (domain === null || !ip) {
    if (before) await write(parts, id, null);
    return withoutMs;
  }
  const project = place.link?.split("/")[1] ?? "";
  const now = clock.now();
  const seen = await lookAtDomain(
    api,
    outside,
    { deploymentId: id, project, domain, ip, before, now },
    signal,
  );
  if (!isSame(before, seen)) await write(parts, id, seen);
  return seen.answers ? onceItAnswersMs : whilePendingMs;
}

async function write({ db }: Parts, id: string, state: DomainState | null): Promise<void> {
  const { count } = await db.deployment.updateMany({
    // Its address may have gone while it was looked at, and is somebody else's soon.
    where: { id, status: { not: "destroyed" } },
    data: { domainState: state ?? Prisma.DbNull },
  });
  if (count > 0) await publish(db, { topic: "deployment", deploymentId: id });
}

/** Nobody need be told that it was looked at again. */
function isSame(before: DomainState | null, seen: DomainState): boolean {
  return JSON.stringify({ ...before, checkedAt: "" }) === JSON.stringify({ ...seen, checkedAt: "" });
}

const dns = new Resolver({ timeout: 3_000, tries: 2 });
const theWorld: Outside = {
  resolve: resolverOf((domain, kind) => (kind === "A" ? dns.resolve4(domain) : dns.resolve6(domain))),
  answers: answersOverHttps,
};
