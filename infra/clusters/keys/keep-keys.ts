import type { Attended } from "#infra/clusters/attended.ts";
import { bringKeys } from "#infra/clusters/keys/bring-keys.ts";
import { KeyPlace } from "#infra/clusters/keys/key-place.ts";
import { deleteSecret, isSecretWanted, writeSecret } from "#infra/clusters/keys/write-secret.ts";
import { listPods, ownsNamespace, type Pod } from "#infra/clusters/own-objects.ts";
import { keyMapText, readKeys, type Keys } from "#infra/haproxy/key-map.ts";
import type { Db } from "#lib/db.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

/**
 * Keeps one deployment's keys while it is private: in the Secret, so that a HAProxy that is started knows them, and in each one
 * that runs. Each of these places is kept by itself: one that can't be reached keeps no other one waiting.
 */
export class KeyKeeper {
  readonly #attended: Attended;
  #secret: KeyPlace;
  /** the Secret is deleted, and no HAProxy waits for one */
  #isDropped = false;
  /** by container: one that was started again has read the Secret as the node had it then */
  readonly #running = new Map<string, KeyPlace>();

  constructor(attended: Attended) {
    this.#attended = attended;
    this.#secret = new KeyPlace();
  }

  /**
   * One round: sees to it that each place that isn't as it should be is brought there.
   *
   * @returns whether there is a namespace to keep keys in
   * @throws what the cluster or the database said that kept it from looking
   */
  async round(): Promise<boolean> {
    const { db, clock, api, id, signal, log, spec } = this.#attended;
    // A change to open or private may wait or have failed: what is in the cluster says whether it asks for keys.
    const isWanted = spec.endpoint.access !== "open" || (await isSecretWanted(api, id, signal));
    if (this.#isDropped && !isWanted) return true;
    this.#isDropped = false;
    if (!(await ownsNamespace(api, id, signal))) {
      this.#secret = new KeyPlace();
      this.#running.clear();
      return false;
    }
    if (!isWanted) {
      // One that is under way may be about to ask for it.
      if (!(await isBusy(db, id))) this.#drop();
      return true;
    }
    const keys = (await readKeys(db, [id], clock.now())).get(id) ?? new Map<string, string>();
    const text = keyMapText(keys);
    this.#secret.bring(text, () => writeSecret(api, id, keys, signal), {
      failing: (error) => {
        if (!signal.aborted)
          log.warn({ deployment: id, err: error }, "the Secret with the keys wasn't written");
      },
      well: () => log.info({ deployment: id }, "the Secret with the keys is written"),
    });
    this.#bringAll(await listPods(api, id, signal), keys, text);
    return true;
  }

  /** Left behind, it would let in whoever had a key, should it become private again. */
  #drop(): void {
    const { api, id, signal, log } = this.#attended;
    const drop = async () => {
      await deleteSecret(api, id, signal);
      this.#isDropped = true;
    };
    this.#secret.bring("none", drop, {
      failing: (error) => {
        if (!signal.aborted)
          log.warn({ deployment: id, err: error }, "the Secret with the keys wasn't deleted");
      },
      well: () => log.info({ deployment: id }, "the Secret with the keys is deleted"),
    });
  }

  #bringAll(pods: Pod[], keys: Keys, text: string): void {
    const { access, id, signal, log } = this.#attended;
    const there = new Set<string>();
    for (const { name, role, container, isLeaving } of pods) {
      if (role !== "proxy" || !container?.isRunning) continue;
      there.add(container.id);
      const place = this.#running.get(container.id) ?? new KeyPlace();
      this.#running.set(container.id, place);
      const about = { deployment: id, pod: name };
      place.bring(text, () => bringKeys(access, { namespace: namespaceOf(id), name }, keys, signal), {
        failing: (error) => {
          // One that ends can't be told any more, and takes no more requests.
          if (!isLeaving && !signal.aborted)
            log.warn({ ...about, err: error }, "a HAProxy wasn't told its keys");
        },
        well: () => log.info(about, "a HAProxy is told its keys again"),
      });
    }
    for (const known of this.#running.keys()) if (!there.has(known)) this.#running.delete(known);
  }
}

/** Whether an operation waits or runs: what it brings to the cluster may be older than what was asked for last. */
async function isBusy(db: Db, deploymentId: string): Promise<boolean> {
  const status = { in: ["queued", "running"] };
  return (await db.operation.count({ where: { deploymentId, status } })) > 0;
}
