import type { Runtime } from "#infra/local-runtime/runtime.ts";
import { Gauges, type Gauge } from "#infra/traffic/gauges.ts";
import { snapshotOf } from "#infra/local-runtime/rows/snapshot.ts";
import { publish } from "#lib/changes/publish.ts";
import { recordLogLines, recordScaleSteps, type ScaleStep } from "#lib/replicas/record-log-and-steps.ts";
import { recordReplicas, type DeploymentSnapshot } from "#lib/replicas/record-replicas.ts";
import { Shortages } from "#lib/replicas/shortage.ts";

/** The least time between two hints for one deployment. */
const hintMs = 1_000;
/** Rows that changed nothing are written again after this, should they be looked at anyway. */
const rewriteMs = 5_000;
const mostStepsWaiting = 1_000;

/** Writes what changed, in batches; what can't be written now waits, bounded, for the database. */
export class RowWriter {
  readonly #runtime: Runtime;
  readonly #gauges = new Gauges();
  readonly #shortages = new Shortages();
  readonly #writtenAt = new Map<string, number>();
  /** what each deployment's rows say */
  readonly #rows = new Map<string, { text: string; at: number }>();
  #steps: ScaleStep[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  onGauge(gauge: Gauge): void {
    this.#gauges.add(gauge, this.#runtime.options.clock.now().getTime());
  }

  onStep(step: ScaleStep): void {
    this.#steps = [...this.#steps, step].slice(-mostStepsWaiting);
  }

  /** @throws what the database throws; nothing is forgotten then */
  async write(): Promise<void> {
    const { options, logLines } = this.#runtime;
    const now = options.clock.now();
    await this.#runtime.secrets.readExpected();
    logLines.collectHeld(now);
    for (const { deploymentId, replicas } of this.#runtime.supervisors()) {
      for (const replica of replicas) logLines.collect(deploymentId, replica, now);
    }
    const lines = logLines.peek();
    await recordLogLines(options.db, lines);
    logLines.stored(lines);
    const steps = this.#steps;
    await recordScaleSteps(options.db, steps);
    this.#steps = this.#steps.filter((step) => !steps.includes(step));
    await this.#gauges.write(options.db, now.getTime());
    for (const id of this.#due()) await this.writeNow(id);
  }

  /**
   * Writes one deployment's rows at once: a command that made its replicas ready has them shown when it ends.
   * One after another, so that what was seen earlier is never written over what was seen later.
   */
  writeNow(id: string): Promise<void> {
    const written = this.#turn.then(() => this.#writeDeployment(id, this.#runtime.options.clock.now()));
    this.#turn = written.catch(() => {});
    return written;
  }

  /** At a stop: everything, whenever it was last written. */
  async writeAll(): Promise<void> {
    this.#writtenAt.clear();
    this.#rows.clear();
    await this.write();
  }

  #due(): string[] {
    const now = performance.now();
    return [...this.#runtime.changed].filter((id) => now - (this.#writtenAt.get(id) ?? -Infinity) >= hintMs);
  }

  async #writeDeployment(id: string, now: Date): Promise<void> {
    const { changed } = this.#runtime;
    changed.delete(id);
    const snapshot = snapshotOf(this.#runtime, id);
    const short = this.#shortages.lasts(id, snapshot.shortage, performance.now());
    // One that is short, but not for long enough, is looked at again.
    if (snapshot.shortage !== null && !short) changed.add(id);
    const settled = { ...snapshot, shortage: short ? snapshot.shortage : null };
    try {
      await this.#writeOrHint(settled, now);
      this.#writtenAt.set(id, performance.now());
    } catch (error) {
      changed.add(id);
      throw error;
    }
    if (this.#runtime.desired.get(id)) return;
    this.#writtenAt.delete(id);
    this.#rows.delete(id);
  }

  /** Where only the traffic is news, pages are told and the rows stay; but not for long, for others write them too. */
  async #writeOrHint(snapshot: DeploymentSnapshot, now: Date): Promise<void> {
    const { db } = this.#runtime.options;
    const text = JSON.stringify(snapshot);
    const rows = this.#rows.get(snapshot.id);
    const isSaid = snapshot.shortage === null && rows?.text === text;
    if (isSaid && performance.now() - rows.at < rewriteMs) {
      return publish(db, { topic: "deployment", deploymentId: snapshot.id });
    }
    await recordReplicas(db, snapshot, now);
    this.#rows.set(snapshot.id, { text, at: performance.now() });
  }
}
