import type { ReplicaState } from "#lib/replicas/list.ts";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import { backOff } from "#infra/local-runtime/replicas/back-off.ts";
import { isHealthy } from "#infra/local-runtime/replicas/health.ts";
import { lastLines, LogTail, sizeOf } from "#infra/local-runtime/replicas/log-tail.ts";
import { describeEnding, type RunningProcess } from "#infra/local-runtime/replicas/running-process.ts";
import type { Timing } from "#infra/local-runtime/options.ts";
import type { ProcessId } from "#infra/local-runtime/process-table.ts";

export type ReplicaPlan = {
  id: string;
  ordinal: number;
  socket: string;
  healthPath: string;
  logFile: string;
  /** hash of what it runs with: another one means that it must be replaced */
  config: string;
  timing: Timing;
  start(): Promise<RunningProcess>;
};

/** Called at each change, with what the change is where others must act on it. */
export type ReplicaWatcher = {
  onStarted(replica: Replica): void;
  /** it answers: it may take requests */
  onHealthy(replica: Replica): Promise<void>;
  /** it takes no new requests from now on; resolves when it has none left */
  onLeaving(replica: Replica): Promise<void>;
  /** its process is gone for good */
  onGone(replica: Replica): Promise<void>;
  onChange(): void;
};

type Lived = "ended" | "stop" | "hung";

/** One place in a pool and the processes that fill it, one after the other, until it is stopped. */
export class Replica {
  readonly plan: ReplicaPlan;
  readonly #watcher: ReplicaWatcher;
  readonly #stop = Promise.withResolvers<void>();
  #hung = Promise.withResolvers<void>();
  #process: RunningProcess | null = null;
  #quickEndings = 0;
  #logFrom = 0;
  #stopping = false;
  #waitForRequests = true;
  /** since when its health check fails, by the load balancer's figures */
  #failingSince: number | null = null;
  /** what it writes, for the pages */
  readonly log: LogTail;
  state: ReplicaState = "starting";
  restarts = 0;
  startedAt: Date | null = null;
  message: string | null = null;
  /** requests it works on, by the load balancer's last figures */
  inFlight = 0;
  failure: CommandFailure | null = null;

  constructor(plan: ReplicaPlan, watcher: ReplicaWatcher) {
    this.plan = plan;
    this.#watcher = watcher;
    this.log = new LogTail(plan.logFile);
  }

  get process(): ProcessId | null {
    return this.#process?.id ?? null;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  get isHealthy(): boolean {
    return this.state === "ready" || this.state === "unhealthy";
  }

  /** Lives until it is stopped. */
  async run(adopted: { process: RunningProcess; restarts: number; startedAt: Date } | null): Promise<void> {
    if (adopted) {
      this.#process = adopted.process;
      this.restarts = adopted.restarts;
      this.startedAt = adopted.startedAt;
      this.#logFrom = sizeOf(this.plan.logFile);
    }
    while (!this.#stopping) {
      const process = this.#process ?? (await this.#start());
      if (process) await this.#live(process);
      if (this.#stopping) break;
      this.#process = null;
      this.restarts++;
      await this.#pause();
    }
    await this.#end();
  }

  /** @param waitForRequests lets it finish what it works on first */
  stop(waitForRequests: boolean): void {
    this.#stopping = true;
    this.#waitForRequests = waitForRequests;
    this.#stop.resolve();
  }

  /**
   * What the load balancer says of it now. One whose health check fails for too long though its process lives is
   * started again.
   *
   * @param now milliseconds, monotonic
   */
  observe(seen: { inFlight: number; up: boolean; fails: boolean }, now: number): void {
    if (seen.inFlight !== this.inFlight) {
      this.inFlight = seen.inFlight;
      this.#watcher.onChange();
    }
    if (!this.isHealthy) return;
    if (!seen.fails) {
      this.#failingSince = null;
      if (seen.up && this.state === "unhealthy") this.#set("ready", null);
      return;
    }
    this.#failingSince ??= now;
    if (!seen.up && this.state === "ready") this.#set("unhealthy", "Its health check fails.");
    if (now - this.#failingSince >= this.plan.timing.hungAfter) this.#hung.resolve();
  }

  /** The end of its log since the last start. */
  logLines(): string[] {
    return lastLines(this.plan.logFile, this.#logFrom);
  }

  async #start(): Promise<RunningProcess | null> {
    this.#set("starting", this.restarts === 0 ? null : this.message);
    this.#logFrom = sizeOf(this.plan.logFile);
    try {
      this.#process = await this.plan.start();
    } catch (error) {
      this.#quickEndings++;
      this.#fail(error instanceof CommandFailure ? error : new CommandFailure("start_failed", String(error)));
      return null;
    }
    this.startedAt = new Date();
    this.#watcher.onStarted(this);
    return this.#process;
  }

  async #live(process: RunningProcess): Promise<void> {
    const since = performance.now();
    this.#hung = Promise.withResolvers();
    const healthy = await this.#untilHealthy(process);
    if (healthy === "stop") return;
    if (healthy === "hung") return this.#giveUpProbing(process);
    if (healthy === "ended") return this.#ended(process, since);
    this.failure = null;
    this.#failingSince = null;
    this.#set("ready", null);
    await this.#watcher.onHealthy(this);
    const lived = await Promise.race<Lived>([
      process.ended.then(() => "ended"),
      this.#stop.promise.then(() => "stop"),
      this.#hung.promise.then(() => "hung"),
    ]);
    if (lived === "stop") return;
    if (lived === "hung") {
      this.message = "Its health check failed for too long, so it was started again.";
      await process.terminate(1_000);
      return this.#set("restarting", this.message);
    }
    await this.#ended(process, since);
  }

  async #untilHealthy(process: RunningProcess): Promise<Lived | "healthy"> {
    let lived: Lived | null = null;
    void process.ended.then(() => (lived ??= "ended"));
    void this.#stop.promise.then(() => (lived ??= "stop"));
    const giveUpAt = performance.now() + this.plan.timing.probeBound;
    for (;;) {
      if (await isHealthy(this.plan.socket, this.plan.healthPath)) return lived ?? "healthy";
      if (lived) return lived;
      if (performance.now() > giveUpAt) return "hung";
      const pause = new Promise((resolve) => setTimeout(resolve, this.plan.timing.probeEvery));
      await Promise.race([pause, process.ended, this.#stop.promise]);
    }
  }

  async #giveUpProbing(process: RunningProcess): Promise<void> {
    this.#quickEndings++;
    const seconds = Math.round(this.plan.timing.probeBound / 1000);
    this.#fail(
      new CommandFailure(
        "probe_failed",
        `The replica ${this.plan.id} runs, but ${this.plan.healthPath} gave no good answer for ${seconds} s. Its last log lines may say why.`,
        { logLines: this.logLines() },
      ),
    );
    await process.terminate(this.plan.timing.stopGrace);
  }

  async #ended(process: RunningProcess, since: number): Promise<void> {
    const ran = performance.now() - since;
    const wasHealthy = this.isHealthy;
    this.#quickEndings = wasHealthy && ran >= this.plan.timing.settled ? 1 : this.#quickEndings + 1;
    const how = describeEnding(await process.ended);
    if (wasHealthy) return this.#set("restarting", `It ${how} and is started again.`);
    this.#fail(
      new CommandFailure(
        "start_failed",
        `The replica ${this.plan.id} ${how} before it was healthy. Its last log lines may say why.`,
        {
          logLines: this.logLines(),
        },
      ),
    );
  }

  async #pause(): Promise<void> {
    const ms = backOff(this.#quickEndings, this.plan.timing.longestBackOff);
    if (ms === 0) return;
    this.#set("restarting", `${this.message ?? "It ended."} Next start in ${Math.round(ms / 1000)} s.`);
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([over, this.#stop.promise]);
    clearTimeout(timer);
  }

  async #end(): Promise<void> {
    this.#set("draining", null);
    try {
      if (this.#waitForRequests) await this.#watcher.onLeaving(this);
    } finally {
      // Whatever failed before this, no process is left behind.
      await this.#process?.terminate(this.plan.timing.stopGrace);
      this.#process = null;
      this.#set("stopped", null);
      await this.#watcher.onGone(this);
    }
  }

  /** How often in a row it ended right after its start, or never got healthy. */
  get failedStarts(): number {
    return this.failure ? this.#quickEndings : 0;
  }

  #fail(failure: CommandFailure): void {
    this.failure = failure;
    this.#set("restarting", failure.message);
  }

  #set(state: ReplicaState, message: string | null): void {
    this.state = state;
    this.message = message;
    this.#watcher.onChange();
  }
}
