import { isTooLate, type Cluster } from "#infra/clusters/ask-cluster.ts";
import { Masks } from "#infra/clusters/replicas/masks.ts";
import type { Pod } from "#infra/clusters/replicas/pod.ts";
import { readLog, shown, type LoggedReplica } from "#infra/clusters/replicas/read-logs.ts";
import { recordLog } from "#infra/clusters/replicas/record-logs.ts";
import { ApiError } from "#infra/kubernetes/api-client.ts";
import type { Db } from "#lib/db.ts";
import type { SealingKey } from "#lib/secrets/seal.ts";

/** Logs that are read at once, and in one look: of a cluster with more, each look reads those that waited longest. */
const atOnce = 4;
const inOneLook = 120;
/** A node that didn't say what its pods write isn't asked for so long: each look waits for the logs that it reads. */
const silentMs = 60_000;

/** Reads what replicas write, look by look. */
export class LogReader {
  readonly #db: Db;
  readonly #masks: Masks;
  /** by pod: which look has read it last */
  readonly #readIn = new Map<string, number>();
  /** by node: until when it isn't asked */
  readonly #silent = new Map<string, number>();
  #looks = 0;

  constructor(db: Db, key: SealingKey) {
    this.#db = db;
    this.#masks = new Masks(db, key);
  }

  /** @throws ApiError or ApiUnreachable, and what the database throws; what was read until then is stored */
  async read(cluster: Cluster, pods: Map<string, Pod[]>, signal: AbortSignal): Promise<void> {
    this.#looks++;
    const byUid = new Map([...pods.values()].flat().map((pod) => [pod.metadata.uid, pod]));
    const rows = await this.#db.replica.findMany({
      where: { deploymentId: { in: [...pods.keys()] }, podUid: { in: [...byUid.keys()] } },
      select: { id: true, deploymentId: true, podUid: true, logReadTo: true },
    });
    const waited = ({ pod }: LoggedReplica) => this.#readIn.get(pod.metadata.uid) ?? 0;
    const due = rows
      .map(({ podUid, ...row }): LoggedReplica => ({ ...row, pod: byUid.get(podUid!)! }))
      .toSorted((a, b) => waited(a) - waited(b))
      .slice(0, inOneLook);
    const next = due.values();
    const worker = async () => {
      for (const replica of next) {
        signal.throwIfAborted();
        await this.#readOne(cluster, replica, signal);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    for (const uid of this.#readIn.keys()) if (!byUid.has(uid)) this.#readIn.delete(uid);
    this.#masks.keep(new Set(pods.keys()));
  }

  async #readOne(cluster: Cluster, replica: LoggedReplica, signal: AbortSignal): Promise<void> {
    const node = replica.pod.spec?.nodeName ?? "";
    this.#readIn.set(replica.pod.metadata.uid, this.#looks);
    if (performance.now() < (this.#silent.get(node) ?? 0)) return;
    this.#silent.delete(node);
    try {
      const read = await readLog(cluster, replica);
      if (!read) return;
      const mask = await this.#masks.of(replica.deploymentId);
      if (mask) await recordLog(this.#db, read, shown(read.lines, mask));
    } catch (error) {
      signal.throwIfAborted();
      // One node that isn't reached keeps its pods' logs to itself, and no others: the API server says so (502 and the
      // like), or asks it for longer than anybody waits.
      if (isTooLate(error)) this.#silent.set(node, performance.now() + silentMs);
      else if (!(error instanceof ApiError) || error.status === 401) throw error;
    }
  }
}
