import { existsSync, readFileSync } from "node:fs";
import type { Keys } from "#infra/haproxy/key-map.ts";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import type { Folders } from "#infra/local-runtime/folders.ts";
import { Control } from "#infra/local-runtime/haproxy/control.ts";
import { EndpointPorts, portsOf } from "#infra/local-runtime/haproxy/endpoint-ports.ts";
import type { BalancedPool, BalancedServer } from "#infra/local-runtime/haproxy/model.ts";
import { backendName, serverName } from "#infra/haproxy/names.ts";
import { HaproxyProcess, haproxyFiles } from "#infra/local-runtime/haproxy/process.ts";
import { renderConfig } from "#infra/local-runtime/haproxy/render-config.ts";
import { serverWords } from "#infra/local-runtime/haproxy/render-server.ts";
import { Servers, type WantedDeployment } from "#infra/local-runtime/haproxy/servers.ts";
import { serverKey, type BalancerStats } from "#infra/local-runtime/haproxy/stats.ts";
import { listeningPorts } from "#infra/local-runtime/ports.ts";
import type { ObtainedHaproxy, RuntimeOptions } from "#infra/local-runtime/options.ts";
import { Turns } from "#infra/local-runtime/turns.ts";
import { writeAtomically } from "#infra/local-runtime/write-atomically.ts";

export type BalancerStatus = { available: boolean; version: string | null; reason: string | null };

/**
 * HAProxy as the rest sees it: what should be balanced comes from `wanted`, servers join and leave. Everything
 * that changes it happens one after the other. The file always says what runs, so that no reload forgets a server.
 */
export class LoadBalancer {
  readonly #options: RuntimeOptions;
  readonly #folders: Folders;
  readonly #wanted: () => WantedDeployment[];
  readonly #servers = new Servers();
  readonly #control: Control;
  #process: HaproxyProcess | null = null;
  #status: BalancerStatus = { available: false, version: null, reason: "HAProxy is being looked for." };
  #settled = Promise.withResolvers<void>();
  readonly #turns = new Turns();
  /** What HAProxy runs by since its last start or reload: others may want something newer already. */
  #applied: WantedDeployment[] | null = null;
  #logFd: 3 | 4 = 3;
  readonly #ports: EndpointPorts;
  #stopping = false;

  constructor(options: RuntimeOptions, folders: Folders, wanted: () => WantedDeployment[]) {
    this.#options = options;
    this.#folders = folders;
    this.#wanted = wanted;
    this.#ports = new EndpointPorts(options.bind);
    this.#control = new Control(folders);
  }

  get status(): BalancerStatus {
    return this.#status;
  }

  /** HAProxy's processes: the master, its worker, old workers. @throws Error if it doesn't answer */
  async pids(): Promise<number[]> {
    const master = this.#process?.pid ?? null;
    if (!this.#process || master === null) return [];
    return [master, ...(await this.#process.workers())];
  }

  get logFd(): 3 | 4 {
    return this.#logFd;
  }

  /** Takes over a running HAProxy or starts one. */
  async start(obtained: ObtainedHaproxy): Promise<void> {
    const files = haproxyFiles(this.#folders);
    await this.#inTurn(async () => {
      const haproxy = new HaproxyProcess(obtained.path, this.#folders);
      const before = existsSync(files.config) ? readFileSync(files.config, "utf8") : "";
      if (before.includes("log fd@4 ")) this.#logFd = 4;
      this.#process = haproxy;
      if (await haproxy.adopt()) {
        this.#ports.adopt(listeningPorts(await haproxy.workers()));
        const deployments = this.#deployments();
        if (this.#render(deployments) === before) this.#applied = deployments;
        else await this.#reload();
      } else {
        await this.#startFresh();
      }
    });
    this.#report({ available: true, version: obtained.version, reason: null });
  }

  /** HAProxy can't be had; commands that need it say so. */
  unavailable(reason: string): void {
    this.#report({ available: false, version: null, reason });
  }

  /** Waits until it is known whether HAProxy is there. @throws CommandFailure `load_balancer_missing` */
  async ready(signal?: AbortSignal): Promise<void> {
    const gone = Promise.withResolvers<never>();
    const onAbort = () => gone.reject(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    try {
      await Promise.race([this.#settled.promise, gone.promise]);
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
    if (!this.#status.available) {
      throw new CommandFailure("load_balancer_missing", this.#status.reason ?? "There is no load balancer.");
    }
  }

  /** Lets HAProxy follow what is wanted now. @throws CommandFailure `load_balancer_failed`; then nothing changed */
  sync(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#process || this.#render(this.#deployments()) === this.#current()) return;
      await this.#reload();
    });
  }

  /** Lets a healthy replica take requests. Joining twice is joining once. @throws Error if HAProxy hasn't taken it */
  join(deploymentId: string, pool: Omit<BalancedPool, "servers">, server: BalancedServer): Promise<void> {
    return this.#inTurn(async () => {
      const backend = backendName(deploymentId, pool.variant);
      if (!this.#process) return this.#servers.set(backend, server);
      const name = serverKey(backend, serverName(server.ordinal));
      const layer = this.#applied?.find(({ id }) => id === deploymentId)?.layer ?? 7;
      await this.#control.add(name, serverWords(layer, { ...pool, servers: [] }, server));
      this.#servers.set(backend, server);
      this.#writeServers();
      await this.#control.enable(name);
    });
  }

  /** No new requests for this replica; what it works on goes on. */
  leave(deploymentId: string, variant: string, ordinal: number): Promise<void> {
    return this.#inTurn(async () => {
      const backend = backendName(deploymentId, variant);
      if (!this.#servers.delete(backend, ordinal) || !this.#process) return;
      this.#writeServers();
      await this.#control.disable(serverKey(backend, serverName(ordinal)));
    });
  }

  /** Forgets a server that has left. `false` while HAProxy still holds connections to it. */
  remove(deploymentId: string, variant: string, ordinal: number): Promise<boolean> {
    return this.#inTurn(async () => {
      if (!this.#process) return true;
      const name = serverKey(backendName(deploymentId, variant), serverName(ordinal));
      return this.#control.remove(name);
    });
  }

  /** A replica that was restarted answers again: the checks need not find out. */
  recovered(deploymentId: string, variant: string, ordinal: number): Promise<void> {
    return this.#inTurn(async () => {
      const name = serverKey(backendName(deploymentId, variant), serverName(ordinal));
      if (this.#process) await this.#control.setHealthy(name);
    });
  }

  /** Before HAProxy runs: servers that a running one has, so that its file is found unchanged. */
  assume(deploymentId: string, variant: string, server: BalancedServer): void {
    this.#servers.set(backendName(deploymentId, variant), server);
  }

  hasServer(deploymentId: string, variant: string, ordinal: number): boolean {
    return this.#servers.has(backendName(deploymentId, variant), ordinal);
  }

  /** The caller has written the file. Old workers may still have clients. */
  setKeys(keyMap: string, wanted: Keys): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#process?.isRunning()) await this.#control.setKeys(keyMap, wanted);
    });
  }

  /** `null` while there is no HAProxy. */
  async stats(): Promise<BalancerStats | null> {
    return this.#process?.isRunning() ? this.#control.stats() : null;
  }

  /** Writes requests to the other log from now on; old workers go on with theirs. */
  switchLog(): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.#logFd;
      this.#logFd = before === 3 ? 4 : 3;
      try {
        await this.#reload();
      } catch (error) {
        this.#logFd = before;
        throw error;
      }
    });
  }

  /** This endpoint isn't listened on: when HAProxy was started another program had its port. */
  isTaken(port: number): boolean {
    return this.#ports.isTaken(port);
  }

  /**
   * Starts HAProxy again if it ended by itself, and endpoints whose port is free again.
   *
   * @returns whether it did something
   */
  async watch(): Promise<boolean> {
    const reclaimed = await this.#ports.reclaim();
    if (reclaimed) await this.sync();
    if (!this.#process || this.#process.isRunning()) return reclaimed;
    await this.#inTurn(async () => {
      if (!this.#process || this.#process.isRunning() || this.#stopping) return;
      this.#options.log("error", "HAProxy ended; it is started again");
      await this.#startFresh();
    });
    return true;
  }

  /** Finishes for `graceMs`, then ends. */
  stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    return this.#inTurn(async () => {
      await this.#process?.stop(graceMs);
      this.#process = null;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work);
  }

  /** What is wanted now, as far as it can be had. A copy: what is wanted may change before it has been applied. */
  #deployments(): WantedDeployment[] {
    return structuredClone(this.#wanted()).map((deployment) => ({
      ...deployment,
      endpoint: deployment.endpoint && this.#ports.asFree(deployment.endpoint),
    }));
  }

  /** The file follows a change of servers that HAProxy was told itself; all else in it stays as it was applied. */
  #writeServers(): void {
    if (this.#applied) writeAtomically(haproxyFiles(this.#folders).config, this.#render(this.#applied));
  }

  #render(deployments: WantedDeployment[]): string {
    return renderConfig({
      bind: this.#options.bind,
      adminSocket: this.#folders.adminSocket,
      logFd: this.#logFd,
      hardStopAfter: 600,
      deployments: this.#servers.fill(deployments),
    });
  }

  #current(): string {
    const { config } = haproxyFiles(this.#folders);
    return existsSync(config) ? readFileSync(config, "utf8") : "";
  }

  /** One endpoint whose port is gone must not keep the others from coming up. */
  async #startFresh(): Promise<void> {
    await this.#process?.endLeftovers();
    await this.#ports.claim(portsOf(this.#wanted()));
    const deployments = this.#deployments();
    writeAtomically(haproxyFiles(this.#folders).config, this.#render(deployments));
    this.#applied = deployments;
    await this.#process?.start();
  }

  async #reload(): Promise<void> {
    const deployments = this.#deployments();
    const ports = portsOf(deployments);
    await this.#ports.mayHave(ports);
    const outcome = await this.#process?.apply(this.#render(deployments));
    if (outcome === "broken") {
      this.#options.log("error", "HAProxy lost a port at a reload; it is started afresh");
      await this.#process?.kill();
      return this.#startFresh();
    }
    this.#applied = deployments;
    this.#ports.adopt(ports);
  }

  #report(status: BalancerStatus): void {
    this.#status = status;
    this.#settled.resolve();
  }
}
