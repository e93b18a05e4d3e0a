import { existsSync, readFileSync } from "node:fs";
import * as z from "zod";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import { writeAtomically } from "#infra/local-runtime/write-atomically.ts";

const entry = z.object({ fence: z.int(), port: z.int().nullable() });
const ledgerFile = z.record(z.string(), entry);

/** Destroyed deployments are remembered too, so that a late command can't bring one back; the oldest give way. */
const remembered = 10_000;

/** The newest fence and the last port of each deployment, kept beyond its end. */
export class Ledger {
  readonly #file: string;
  readonly #entries: Map<string, z.infer<typeof entry>>;

  constructor(file: string) {
    this.#file = file;
    this.#entries = new Map(
      existsSync(file) ? Object.entries(ledgerFile.parse(JSON.parse(readFileSync(file, "utf8")))) : [],
    );
  }

  lastPort(id: string): number | null {
    return this.#entries.get(id)?.port ?? null;
  }

  /** @throws CommandFailure `stale_fence` if a newer attempt has been here */
  raise(id: string, fence: number): void {
    const known = this.#entries.get(id);
    if (known && fence < known.fence) throw staleFence(fence, known.fence);
    if (known?.fence === fence) return;
    this.#entries.delete(id);
    this.#entries.set(id, { fence, port: known?.port ?? null });
    this.#save();
  }

  /** @throws CommandFailure `stale_fence` if a newer attempt came while this one waited */
  check(id: string, fence: number): void {
    const known = this.#entries.get(id);
    if (known && fence < known.fence) throw staleFence(fence, known.fence);
  }

  rememberPort(id: string, port: number): void {
    const known = this.#entries.get(id);
    if (known?.port === port) return;
    this.#entries.set(id, { fence: known?.fence ?? 0, port });
    this.#save();
  }

  #save(): void {
    for (const id of this.#entries.keys()) {
      if (this.#entries.size <= remembered) break;
      this.#entries.delete(id);
    }
    writeAtomically(this.#file, JSON.stringify(Object.fromEntries(this.#entries)));
  }
}

function staleFence(given: number, newest: number): CommandFailure {
  return new CommandFailure(
    "stale_fence",
    `A newer attempt (${newest}) works on this deployment; this one (${given}) must stop.`,
  );
}
