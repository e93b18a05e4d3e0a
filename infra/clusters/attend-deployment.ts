import type { Attended } from "#infra/clusters/attended.ts";
import { FigureReader } from "#infra/clusters/figures/read-figures.ts";
import { KeyKeeper } from "#infra/clusters/keys/keep-keys.ts";
import type { LiveDeployment } from "#infra/clusters/live-deployments.ts";
import { rounds } from "#infra/clusters/rounds.ts";
import { apiClient } from "#infra/kubernetes/api-client.ts";
import { statusClass, type DeploymentStatus } from "#lib/deployments/status.ts";

/** A cluster that is well answers at once; one that isn't is asked again. */
const silenceMs = 8_000;
const keysEveryMs = 3_000;
const figuresEveryMs = 5_000;

/** The work on one deployment, going on by itself. */
export type Attendance = {
  /** what rows say of it now */
  see(deployment: LiveDeployment): void;
  /** its keys may have changed */
  keysChanged(): void;
  /** settles once the signal has ended it */
  ended: Promise<void>;
};

/** Keeps a deployment's keys and reads its figures until the signal ends it. */
export function attendDeployment(
  parts: Omit<Attended, "id" | "spec" | "api">,
  first: LiveDeployment,
): Attendance {
  let newest = first;
  const { access, signal, log } = parts;
  const api = apiClient(access, silenceMs);
  const attended: Attended = {
    ...parts,
    api,
    id: first.id,
    get spec() {
      return newest.spec;
    },
  };
  const told = (what: string) => ({
    failing: (error: unknown) =>
      // A cluster that goes with its deployment doesn't answer at the end.
      log[newest.status === "destroying" ? "debug" : "warn"](
        { deployment: first.id, err: error },
        `${what}: failed, and is tried again`,
      ),
    well: () => log.info({ deployment: first.id }, `${what}: works again`),
  });
  const keeper = new KeyKeeper(attended);
  const figures = new FigureReader(attended);
  // HAProxy's first pod waits for its keys.
  const pauseWithout = () =>
    statusClass(newest.status as DeploymentStatus) === "moving" ? 1_000 : 4 * keysEveryMs;
  const keeping = rounds(
    async () => ((await keeper.round()) ? keysEveryMs : pauseWithout()),
    signal,
    told("keeping a cluster's keys"),
  );
  const reading = rounds(
    async () => {
      await figures.round();
      return figuresEveryMs;
    },
    signal,
    told("reading a cluster's figures"),
  );
  const ended = Promise.all([keeping.ended, reading.ended])
    .then(() => figures.ended())
    .finally(() => api.close());
  return {
    see(deployment) {
      const isNews =
        JSON.stringify(deployment.spec) !== JSON.stringify(newest.spec) ||
        deployment.status !== newest.status;
      newest = deployment;
      if (isNews) keeping.soon();
    },
    keysChanged: () => keeping.soon(),
    ended,
  };
}
