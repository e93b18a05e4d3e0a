import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DesiredState, type DeploymentState } from "#infra/local-runtime/desired-state.ts";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import { folders, makeFolders, type Folders } from "#infra/local-runtime/folders.ts";
import { Certificates } from "#infra/local-runtime/haproxy/certificates.ts";
import { KeyMaps } from "#infra/local-runtime/haproxy/key-map.ts";
import { LoadBalancer } from "#infra/local-runtime/haproxy/load-balancer.ts";
import type { WantedDeployment } from "#infra/local-runtime/haproxy/servers.ts";
import type { BalancedEndpoint } from "#infra/local-runtime/haproxy/model.ts";
import { ask } from "#infra/local-runtime/haproxy/ask.ts";
import { takeInventory } from "#infra/local-runtime/inventory.ts";
import { Ledger } from "#infra/local-runtime/ledger.ts";
import type { RuntimeOptions } from "#infra/local-runtime/options.ts";
import {
  replicaProcesses,
  signalProcess,
  untilGone,
  type MarkedProcess,
} from "#infra/local-runtime/process-table.ts";
import type { Inventory } from "#infra/local-runtime/protocol.ts";
import type { Replica } from "#infra/local-runtime/replicas/replica.ts";
import { LogLines, shown } from "#infra/local-runtime/replicas/log-lines.ts";
import { VariantSupervisor } from "#infra/local-runtime/replicas/variant-supervisor.ts";
import { SecretReader } from "#infra/local-runtime/secret-reader.ts";
import { listen, type Listener } from "#infra/local-runtime/server.ts";
import { Turns } from "#infra/local-runtime/turns.ts";
import { startWork, type Work } from "#infra/local-runtime/work.ts";

/** Everything of the local target on this machine, put together. */
export class Runtime {
  readonly options: RuntimeOptions;
  readonly folders: Folders;
  readonly desired: DesiredState;
  readonly ledger: Ledger;
  readonly balancer: LoadBalancer;
  readonly keys: KeyMaps;
  readonly secrets: SecretReader;
  readonly certificates: Certificates;
  /** changes of what HAProxy should be: each is wanted, applied or taken back before the next */
  readonly changes = new Turns();
  /** deployments of which something that pages show has changed */
  readonly changed = new Set<string>();
  readonly logLines: LogLines;
  readonly #supervisors = new Map<string, VariantSupervisor>();
  readonly #stop = new AbortController();
  #listener: Listener | null = null;
  #work: Work | null = null;
  #obtaining: Promise<void> = Promise.resolve();

  constructor(options: RuntimeOptions) {
    this.options = options;
    this.folders = folders(options.home);
    makeFolders(this.folders);
    this.desired = new DesiredState(this.folders.deployments);
    this.ledger = new Ledger(this.folders.ledger);
    this.balancer = new LoadBalancer(options, this.folders, () => this.#wantedBalance());
    this.keys = new KeyMaps(options.db, this.folders, this.balancer);
    this.secrets = new SecretReader(options.db, options.sealingKey);
    this.certificates = new Certificates(this.folders, this.secrets);
    this.logLines = new LogLines((...replica) => this.secrets.mask(...replica));
  }

  /** @throws Error if another runtime has this data folder */
  async start(): Promise<void> {
    if (await someoneAnswers(this.folders.socket)) {
      throw new Error(`Another local runtime already works on ${this.folders.root}. Stop it first.`);
    }
    await this.#endStrays();
    for (const { id, variants } of this.desired.all()) {
      this.keys.ensure(id);
      for (const variant of Object.keys(variants)) this.supervisor(id, variant).adopt();
    }
    this.#listener = await listen(this, this.folders.socket);
    this.#obtaining = this.#startBalancer();
    this.#work = startWork(this);
  }

  /** Stops what runs; what is wanted stays written, and the next start brings it back. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#listener?.close();
    await this.#obtaining;
    await this.#work?.stop();
    await this.balancer.stop(2_000);
    await Promise.all(this.supervisors().map((supervisor) => supervisor.shutDown()));
    await this.#work?.finish();
  }

  /** Lets pages see at once what has become of a deployment; while the database is away, as soon as it is back. */
  async show(deploymentId: string): Promise<void> {
    await this.#work?.show(deploymentId).catch(() => {});
  }

  supervisor(deploymentId: string, variant: string): VariantSupervisor {
    const key = `${deploymentId}/${variant}`;
    const found = this.#supervisors.get(key) ?? new VariantSupervisor(this.#parts(), deploymentId, variant);
    this.#supervisors.set(key, found);
    return found;
  }

  supervisors(): VariantSupervisor[] {
    return [...this.#supervisors.values()];
  }

  forgetSupervisor(deploymentId: string, variant: string): void {
    this.#supervisors.delete(`${deploymentId}/${variant}`);
    this.changed.add(deploymentId);
  }

  async inventory(deploymentId: string): Promise<Inventory> {
    const { folders, desired, ledger } = this;
    return takeInventory(
      { folders, desired, ledger, balancerPids: await this.balancer.pids() },
      deploymentId,
    );
  }

  /**
   * Processes marked as replicas of ours that no supervisor knows.
   *
   * @param deploymentId of this deployment alone, recorded ones too: those of others may be about to be adopted
   */
  strays(deploymentId?: string): MarkedProcess[] {
    const known = new Set(
      this.supervisors().flatMap((s) => s.replicas.map((replica) => replica.process?.pid)),
    );
    const recorded = new Set(
      this.desired
        .all()
        .filter(({ id }) => id !== deploymentId)
        .flatMap((d) => Object.values(d.variants).flatMap((v) => v.replicas.map((r) => r.pid))),
    );
    return replicaProcesses().filter(
      ({ pid, socket, replica }) =>
        socket.startsWith(path.join(this.folders.sockets, path.sep)) &&
        (deploymentId === undefined || replica.startsWith(`${deploymentId}/`)) &&
        !known.has(pid) &&
        !recorded.has(pid),
    );
  }

  /** A failure without the deployment's secrets, should its log have held one. */
  redacted(deploymentId: string, replicaId: string, error: CommandFailure): CommandFailure {
    const { code, message, logLines } = error.failure;
    return new CommandFailure(code, message, {
      status: error.status,
      logLines: shown(logLines, this.secrets.mask(deploymentId, replicaId)),
    });
  }

  #parts() {
    const { options, folders, desired, balancer, secrets } = this;
    return {
      options,
      folders,
      desired,
      balancer,
      secrets,
      stopping: this.#stop.signal,
      onChange: (id: string) => void this.changed.add(id),
      onGone: (id: string, replica: Replica) => this.logLines.collectLast(id, replica, options.clock.now()),
    };
  }

  #wantedBalance(): WantedDeployment[] {
    return this.desired
      .all()
      .map(({ id, endpoint, routes, variants }) => ({
        id,
        layer: endpoint?.layer ?? 7,
        endpoint: this.#balancedEndpoint(id, endpoint),
        keyMap: this.folders.keys(id),
        routes,
        pools: Object.entries(variants)
          .flatMap(([variant, { pool }]) => (pool ? [{ variant, ...pool }] : []))
          .sort((a, b) => a.variant.localeCompare(b.variant)),
      }))
      .sort((a, b) => a.id.localeCompare(b.id));
  }

  /** One whose certificate's file is gone isn't listened on: HAProxy would refuse the whole configuration. */
  #balancedEndpoint(id: string, endpoint: DeploymentState["endpoint"]): BalancedEndpoint | null {
    if (!endpoint) return null;
    const { port, access, tls, redirectFrom = null } = endpoint;
    const certificate = tls ? this.certificates.file(id, tls) : null;
    if (certificate && !existsSync(certificate)) return null;
    return { port, access, certificate, redirectFrom };
  }

  /** Files that are gone are made again, as soon as the database answers. @throws CommandFailure `secret_unreadable` */
  async restoreCertificates(): Promise<void> {
    const lost = this.desired
      .all()
      .filter(({ id, endpoint }) => endpoint?.tls && !existsSync(this.certificates.file(id, endpoint.tls)));
    if (lost.length === 0) return;
    // One whose key can't be read mustn't keep the others from coming back.
    const restored = await Promise.allSettled(
      lost.map(({ id, endpoint }) => this.certificates.ensure(id, endpoint?.tls)),
    );
    await this.balancer.sync();
    const failed = restored.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }

  /** Tries again while HAProxy can't be had: a person may install it meanwhile. */
  async #startBalancer(): Promise<void> {
    const { signal } = this.#stop;
    const { log, timing } = this.options;
    while (!signal.aborted) {
      try {
        const obtained = await this.options.obtainHaproxy(signal);
        signal.throwIfAborted();
        await this.balancer.start(obtained);
        await this.keys.restore(this.desired.all().flatMap(({ id, endpoint }) => (endpoint ? [id] : [])));
        return log("info", "the load balancer runs", { version: obtained.version, source: obtained.source });
      } catch (error) {
        if (signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        log("error", "there is no load balancer", { reason });
        this.balancer.unavailable(reason);
      }
      await sleep(timing.obtainAgain, undefined, { signal }).catch(() => {});
    }
  }

  async #endStrays(): Promise<void> {
    for (const stray of this.strays()) {
      this.options.log("warn", "a replica that nobody wants is ended", {
        replica: stray.replica,
        pid: stray.pid,
      });
      signalProcess(stray, "SIGKILL");
      await untilGone(stray, 3_000);
    }
  }
}

async function someoneAnswers(socket: string): Promise<boolean> {
  if (!existsSync(socket)) return false;
  return ask(socket, "GET /health HTTP/1.0\r\n\r\n", { boundMs: 2_000 }).then(
    (answer) => answer.includes('"ok":true'),
    () => false,
  );
}
