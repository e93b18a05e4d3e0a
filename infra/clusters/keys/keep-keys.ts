import type { Attended } from "#infra/clusters/attended.ts";
import { bringKeys } from "#infra/clusters/keys/bring-keys.ts";
import { writeSecret } from "#infra/clusters/keys/write-secret.ts";
import { listPods, ownsNamespace, type Pod } from "#infra/clusters/own-objects.ts";
import { keyMapText, readKeys, type Keys } from "#infra/haproxy/key-map.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

/** What was brought to where it should be so lately isn't looked at again, unless the keys have changed. */
const trustMs = 60_000;

/** What was last seen to be right: the text of the keys, and when. */
type Settled = { text: string; at: number };

/**
 * Keeps one private deployment's keys: in the Secret, so that a HAProxy that is started knows them, and in each one
 * that runs. What can't be reached is left for the next round; the others aren't kept waiting by it.
 */
export class KeyKeeper {
  readonly #attended: Attended;
  /** by container, and the Secret under its own name */
  #settled = new Map<string, Settled>();

  constructor(attended: Attended) {
    this.#attended = attended;
  }

  /**
   * One round.
   *
   * @returns whether there is a namespace to keep keys in
   * @throws what the first one said that couldn't be reached
   */
  async round(): Promise<boolean> {
    const { db, clock, api, id, signal } = this.#attended;
    if (this.#attended.spec.endpoint.access !== "private") return true;
    if (!(await ownsNamespace(api, id, signal))) {
      this.#settled.clear();
      return false;
    }
    const keys = (await readKeys(db, [id], clock.now())).get(id) ?? new Map<string, string>();
    const text = keyMapText(keys);
    // The running ones don't wait for a cluster that refuses the Secret.
    const done = await Promise.allSettled([
      this.#settle("secret", text, () => writeSecret(api, id, keys, signal)),
      this.#bringAll(keys, text),
    ]);
    const failed = done.find(({ status }) => status === "rejected");
    if (failed) throw (failed as PromiseRejectedResult).reason;
    return true;
  }

  async #bringAll(keys: Keys, text: string): Promise<void> {
    const { api, id, signal } = this.#attended;
    const pods = (await listPods(api, id, signal)).filter(
      (pod) => pod.role === "proxy" && pod.container?.isRunning,
    );
    const there = new Set(["secret", ...pods.map(({ container }) => container?.id)]);
    this.#settled = new Map([...this.#settled].filter(([name]) => there.has(name)));
    const done = await Promise.allSettled(pods.map((pod) => this.#bring(pod, keys, text)));
    const failed = done.find(({ status }, at) => status === "rejected" && !pods[at]?.isLeaving);
    // One that ends can't be told any more, and takes no more requests.
    if (failed) throw (failed as PromiseRejectedResult).reason;
  }

  #bring({ name, container }: Pod, keys: Keys, text: string): Promise<void> {
    const { access, id, signal } = this.#attended;
    const pod = { namespace: namespaceOf(id), name };
    return this.#settle(container?.id ?? "", text, () => bringKeys(access, pod, keys, signal));
  }

  async #settle(name: string, text: string, work: () => Promise<void>): Promise<void> {
    const settled = this.#settled.get(name);
    if (settled?.text === text && performance.now() - settled.at < trustMs) return;
    await work();
    this.#settled.set(name, { text, at: performance.now() });
  }
}
