import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import type { DesiredState, ReplicaRecord, VariantState } from "#infra/local-runtime/desired-state.ts";
import type { Folders } from "#infra/local-runtime/folders.ts";
import type { LoadBalancer } from "#infra/local-runtime/haproxy/load-balancer.ts";
import type { BalancedPool } from "#infra/local-runtime/haproxy/model.ts";
import { backendName, serverName } from "#infra/haproxy/names.ts";
import { serverKey } from "#infra/local-runtime/haproxy/stats.ts";
import type { RuntimeOptions } from "#infra/local-runtime/options.ts";
import { isAlive } from "#infra/local-runtime/process-table.ts";
import { replicaPlan } from "#infra/local-runtime/replicas/replica-plan.ts";
import { Replica, type ReplicaWatcher } from "#infra/local-runtime/replicas/replica.ts";
import { adopted } from "#infra/local-runtime/replicas/running-process.ts";
import type { SecretReader } from "#infra/local-runtime/secret-reader.ts";
import { waitUntil } from "#infra/local-runtime/wait-until.ts";

export type SupervisorParts = {
  options: RuntimeOptions;
  folders: Folders;
  desired: DesiredState;
  balancer: LoadBalancer;
  secrets: SecretReader;
  /** the runtime itself stops: nothing new is started */
  stopping: AbortSignal;
  /** something that pages show has changed */
  onChange(deploymentId: string): void;
  /** its log is to be read a last time */
  onGone(deploymentId: string, replica: Replica): void;
};

/** Keeps as many replicas of one variant as are wanted, all running with what is wanted. */
export class VariantSupervisor implements ReplicaWatcher {
  readonly deploymentId: string;
  readonly variant: string;
  readonly #parts: SupervisorParts;
  readonly #replicas = new Map<number, Replica>();
  readonly #running = new Set<Promise<void>>();
  readonly #joining = new Set<number>();

  constructor(parts: SupervisorParts, deploymentId: string, variant: string) {
    this.#parts = parts;
    this.deploymentId = deploymentId;
    this.variant = variant;
  }

  get replicas(): Replica[] {
    return [...this.#replicas.values()].sort((a, b) => a.plan.ordinal - b.plan.ordinal);
  }

  /** What is wanted of it, if anything. */
  get wanted(): VariantState | undefined {
    return this.#parts.desired.get(this.deploymentId)?.variants[this.variant];
  }

  /** Those that run with what is wanted now. */
  get current(): Replica[] {
    const config = this.#config();
    return this.replicas.filter((replica) => !replica.isStopping && replica.plan.config === config);
  }

  /** Those that run with something else and haven't been told to stop yet. */
  get outdated(): Replica[] {
    const config = this.#config();
    return this.replicas.filter((replica) => !replica.isStopping && replica.plan.config !== config);
  }

  /** Takes over what an earlier runtime started and forgets what has ended since. */
  adopt(): void {
    const records = this.wanted?.replicas ?? [];
    const pool = this.#pool();
    const alive = records.filter(isAlive);
    this.#save((state) => (state.replicas = alive));
    for (const { ordinal } of records.filter((record) => !alive.includes(record))) {
      rmSync(this.#server(ordinal).socket, { force: true });
    }
    const env = this.wanted?.modelServer?.env ?? [];
    for (const record of alive) {
      if (record.inPool && pool) {
        this.#parts.balancer.assume(this.deploymentId, this.variant, this.#server(record.ordinal));
      }
      this.#parts.secrets.expect(this.#replicaId(record.ordinal), this.deploymentId, env);
      this.#add(record.ordinal, record.config, record);
    }
    this.reconcile();
  }

  /** Starts what is missing and stops what is too much. Call it after each change of what is wanted. */
  reconcile(): void {
    if (this.#parts.stopping.aborted) return;
    const wanted = this.wanted?.modelServer ? (this.wanted?.wanted ?? 0) : 0;
    const config = this.#config();
    const current = this.current;
    for (let missing = wanted - current.length; missing > 0; missing--) {
      this.#add(this.#freeOrdinal(), config, null);
    }
    // The newest leave first, and of those the ones that don't serve yet.
    const surplus = current
      .toSorted((a, b) => Number(a.isHealthy) - Number(b.isHealthy) || b.plan.ordinal - a.plan.ordinal)
      .slice(0, Math.max(0, current.length - wanted));
    for (const replica of surplus) replica.stop(true);
    // Those that run with something else stay until as many new ones serve.
    const serving = current.filter((replica) => replica.isHealthy && !surplus.includes(replica)).length;
    if (serving < wanted) return;
    for (const replica of this.outdated) replica.stop(wanted > 0 || this.#pool() !== null);
  }

  /** The pool has come: everyone healthy takes its place in it. */
  async joinAll(): Promise<void> {
    await Promise.all(
      this.replicas.filter((r) => r.isHealthy && !r.isStopping).map((r) => this.onHealthy(r)),
    );
  }

  /** The pool goes: nobody takes new requests; resolves when all have finished theirs, or the time is up. */
  async leaveAll(signal?: AbortSignal): Promise<void> {
    await Promise.all(this.replicas.map((replica) => this.#leave(replica, signal)));
    this.#save((state) => state.replicas.forEach((record) => (record.inPool = false)));
  }

  /** Resolves when every replica that was told to stop has ended. */
  async allGone(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** The runtime itself stops: all end, and what is wanted stays written. */
  async shutDown(): Promise<void> {
    for (const replica of this.#replicas.values()) replica.stop(false);
    await this.allGone();
  }

  onStarted(replica: Replica): void {
    const { process, startedAt } = replica;
    if (!process || !startedAt) return;
    this.#save((state) => {
      const others = state.replicas.filter(({ ordinal }) => ordinal !== replica.plan.ordinal);
      const inPool = this.#parts.balancer.hasServer(this.deploymentId, this.variant, replica.plan.ordinal);
      const { ordinal, config } = replica.plan;
      const { restarts } = replica;
      state.replicas = [
        ...others,
        { ...process, ordinal, config, inPool, restarts, startedAt: startedAt.toISOString() },
      ];
    });
  }

  /** It takes requests nowhere though it could: the load balancer wasn't there when it would have joined. */
  async joinAgain(replica: Replica): Promise<void> {
    const { ordinal } = replica.plan;
    const pool = this.#pool();
    if (!pool || !replica.isHealthy || replica.isStopping || this.#joining.has(ordinal)) return;
    this.#joining.add(ordinal);
    try {
      await this.#join(ordinal, pool);
    } finally {
      this.#joining.delete(ordinal);
    }
  }

  async onHealthy(replica: Replica): Promise<void> {
    const pool = this.#pool();
    const { balancer, options } = this.#parts;
    const { ordinal } = replica.plan;
    try {
      if (pool && balancer.hasServer(this.deploymentId, this.variant, ordinal)) {
        await balancer.recovered(this.deploymentId, this.variant, ordinal);
      } else if (pool) {
        await this.#join(ordinal, pool);
      }
    } catch (error) {
      // The load balancer is being started again, or doesn't have the pool yet: the next look tries again.
      options.log("warn", "a replica couldn't join the load balancer", {
        replica: replica.plan.id,
        error: String(error),
      });
    }
    this.reconcile();
  }

  async onLeaving(replica: Replica): Promise<void> {
    await this.#leave(replica);
  }

  async onGone(replica: Replica): Promise<void> {
    const { balancer } = this.#parts;
    const { ordinal, socket } = replica.plan;
    await balancer.leave(this.deploymentId, this.variant, ordinal).catch(() => {});
    const removed = () =>
      balancer.remove(this.deploymentId, this.variant, ordinal).then((done) => done || undefined);
    await waitUntil(removed, { everyMs: 50, boundMs: 3_000 }).catch(() => {});
    rmSync(socket, { force: true });
    this.#replicas.delete(ordinal);
    this.#parts.onGone(this.deploymentId, replica);
    this.#save((state) => (state.replicas = state.replicas.filter((record) => record.ordinal !== ordinal)));
  }

  onChange(): void {
    this.#parts.onChange(this.deploymentId);
  }

  #add(ordinal: number, config: string, record: ReplicaRecord | null): void {
    const { deploymentId, variant } = this;
    const id = this.#replicaId(ordinal);
    const command = this.wanted?.modelServer ?? null;
    const plan = replicaPlan(this.#parts, { deploymentId, variant, id, ordinal, config, command });
    const replica = new Replica(plan, this);
    this.#replicas.set(ordinal, replica);
    const life = record && {
      process: adopted(record),
      restarts: record.restarts,
      startedAt: new Date(record.startedAt),
    };
    const running: Promise<void> = replica
      .run(life)
      .catch((error: unknown) =>
        this.#parts.options.log("error", "a replica's supervision failed", { id, error: String(error) }),
      )
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #join(ordinal: number, pool: Omit<BalancedPool, "servers">): Promise<void> {
    await this.#parts.balancer.join(this.deploymentId, pool, this.#server(ordinal));
    this.#save((state) => state.replicas.forEach((r) => r.ordinal === ordinal && (r.inPool = true)));
  }

  /** A load balancer that gives no answer says nothing about requests: then the whole time is waited. */
  async #leave(replica: Replica, signal?: AbortSignal): Promise<void> {
    const { balancer, options } = this.#parts;
    const { ordinal } = replica.plan;
    await balancer.leave(this.deploymentId, this.variant, ordinal).catch((error: unknown) => {
      options.log("warn", "the load balancer wasn't told that a replica leaves", {
        replica: replica.plan.id,
        error: String(error),
      });
    });
    const key = serverKey(backendName(this.deploymentId, this.variant), serverName(ordinal));
    const idle = async () => {
      const stats = await balancer.stats().catch(() => undefined);
      if (stats === undefined) return undefined;
      const server = stats?.servers.get(key);
      return !server || server.current + server.queued === 0 ? true : undefined;
    };
    await waitUntil(idle, { signal, everyMs: 100, boundMs: options.timing.drain });
  }

  #replicaId(ordinal: number): string {
    return `${this.deploymentId}/${this.variant}/${ordinal}`;
  }

  #freeOrdinal(): number {
    let ordinal = 1;
    while (this.#replicas.has(ordinal)) ordinal++;
    return ordinal;
  }

  #server(ordinal: number) {
    const model = this.wanted?.modelServer?.model;
    const maxConnections = model ? this.#parts.options.modelCommand(model).concurrency : 1;
    const socket = this.#parts.folders.replicaSocket(this.#replicaId(ordinal));
    return { ordinal, socket, maxConnections };
  }

  #pool(): Omit<BalancedPool, "servers"> | null {
    const pool = this.wanted?.pool;
    return pool ? { variant: this.variant, ...pool } : null;
  }

  #config(): string {
    const command = this.wanted?.modelServer;
    if (!command) return "";
    const { model, env, healthPath } = command;
    return createHash("sha256").update(JSON.stringify({ model, env, healthPath })).digest("hex").slice(0, 12);
  }

  #save(mutate: (state: VariantState) => void): void {
    if (!this.wanted) return;
    this.#parts.desired.changeVariant(this.deploymentId, this.variant, mutate);
  }
}
