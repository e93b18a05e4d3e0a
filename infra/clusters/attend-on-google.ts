import { attendDeployment, type Attendance } from "#infra/clusters/attend-deployment.ts";
import type { Attended } from "#infra/clusters/attended.ts";
import { watchFigures } from "#infra/clusters/google-figures/watch-figures.ts";
import type { LiveDeployment } from "#infra/clusters/live-deployments.ts";
import { watchDomain } from "#infra/clusters/domain/watch-domain.ts";
import type { Outside } from "#infra/clusters/domain/look-at-domain.ts";
import { rounds } from "#infra/clusters/rounds.ts";
import { WayToCluster } from "#infra/clusters/way-to-cluster.ts";
import type { GoogleApi } from "#infra/google/api-client.ts";
import type { Access } from "#infra/kubernetes/connect-options.ts";

/** Google itself is asked seldom (`WayToCluster`). */
const lookEveryMs = 2_000;

type Parts = Omit<Attended, "id" | "spec" | "api" | "access"> & {
  api: GoogleApi;
  /** how DNS and endpoints are asked, unless as usual */
  outside?: Outside;
};

/**
 * Attends to a deployment in a Google project: to its domain, to what Google counts, and in its cluster as long as that is
 * there. It may not be yet, or not any more.
 */
export function attendOnGoogle(parts: Parts, first: LiveDeployment): Attendance {
  const { signal, log, api } = parts;
  const way = new WayToCluster(api, first.place.link ?? "");
  let newest = first;
  let inside: (Attendance & { access: Access; stop(): void }) | null = null;
  const ending = new Set<Promise<void>>();
  const leave = () => {
    inside?.stop();
    inside = null;
  };
  const enter = (access: Access) => {
    const own = new AbortController();
    const { api: _, outside: __, ...rest } = parts;
    const attendance = attendDeployment(
      { ...rest, access, signal: AbortSignal.any([signal, own.signal]) },
      newest,
    );
    inside = { ...attendance, access, stop: () => own.abort() };
    const ended = attendance.ended.finally(() => ending.delete(ended));
    ending.add(ended);
  };
  const looking = rounds(
    async () => {
      const access = await way.access(signal);
      if (access !== inside?.access) leave();
      if (access && !inside) enter(access);
      return lookEveryMs;
    },
    signal,
    {
      failing: (error) =>
        log.warn({ deployment: first.id, err: error }, "Google doesn't say where a cluster is"),
      well: () => log.info({ deployment: first.id }, "Google says again where a cluster is"),
    },
  );
  const domain = watchDomain(parts, () => newest);
  const figures = watchFigures(parts, () => newest);
  return {
    see(deployment) {
      const isNews = deployment.spec.google?.domain !== newest.spec.google?.domain;
      const isMoved = deployment.status !== newest.status;
      newest = deployment;
      inside?.see(deployment);
      if (isNews || isMoved) domain.soon();
      if (isMoved) figures.soon();
    },
    keysChanged: () => inside?.keysChanged(),
    ended: Promise.all([looking.ended, domain.ended, figures.ended]).then(
      async () => void (await Promise.all(ending)),
    ),
  };
}
