import { openCluster, type Cluster } from "#infra/clusters/ask-cluster.ts";
import type { ClusterPlace } from "#infra/clusters/cluster-place.ts";
import { WayToCluster } from "#infra/clusters/way-to-cluster.ts";
import { openApi } from "#infra/google/open-api.ts";
import type { Access } from "#infra/kubernetes/connect-options.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";
import { openTarget, type OpenedProject } from "#lib/targets/open-target.ts";

type Context = Pick<WorkerContext, "db" | "clock" | "sealingKey" | "googleEndpoint">;

/** The connection to one cluster: it stays from look to look, as long as it is the same way there. */
export class Connection {
  readonly #ctx: Context;
  readonly #place: ClusterPlace;
  readonly #bound: AbortSignal | undefined;
  #opened: { access: Access; cluster: Cluster } | null = null;
  #kubeconfig: { text: string; access: Access } | null = null;
  #way: { credentials: string; way: WayToCluster } | null = null;
  #ended = new AbortController();

  /** @param bound ends every question, where one is bounded */
  constructor(ctx: Context, place: ClusterPlace, bound?: AbortSignal) {
    this.#ctx = ctx;
    this.#place = place;
    this.#bound = bound;
  }

  /**
   * @returns null: Google has no such cluster (yet)
   * @throws UnsealError, KubeconfigError, CredentialsError, what Google says, and the signal's reason
   */
  async open(signal: AbortSignal): Promise<Cluster | null> {
    const target = await openTarget(this.#ctx, this.#place.targetId);
    const access =
      target.kind === "gke" ? await this.#onGoogle(target, signal) : this.#byKubeconfig(target.kubeconfig);
    if (access && this.#opened?.access === access) return this.#opened.cluster;
    this.#opened?.cluster.close();
    const ends = this.#bound ? AbortSignal.any([this.#bound, this.#ended.signal]) : this.#ended.signal;
    this.#opened = access && { access, cluster: openCluster(access, ends) };
    return this.#opened?.cluster ?? null;
  }

  /** It wasn't reached: whoever says where it is is asked again. */
  doubt(): void {
    this.#way?.way.doubt();
  }

  /** Ends what is asked, and forgets. */
  close(): void {
    this.#ended.abort();
    this.#ended = new AbortController();
    this.#opened?.cluster.close();
    this.#opened = null;
  }

  #byKubeconfig(text: string): Access {
    if (this.#kubeconfig?.text !== text)
      this.#kubeconfig = { text, access: parseKubeconfig(text, { now: this.#ctx.clock.now() }) };
    return this.#kubeconfig.access;
  }

  async #onGoogle(target: OpenedProject, signal: AbortSignal): Promise<Access | null> {
    const credentials = JSON.stringify(target.credentials);
    if (this.#way?.credentials !== credentials) {
      const api = await openApi(target, this.#ctx.googleEndpoint);
      this.#way = { credentials, way: new WayToCluster(api, this.#place.link ?? "") };
    }
    return this.#way.way.access(signal);
  }
}
