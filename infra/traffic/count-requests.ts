import { probeLabel, type LogLine } from "#infra/haproxy/log-format.ts";
import { readNames } from "#infra/haproxy/names.ts";
import { sampleMs, sampleStart } from "#infra/traffic/gauges.ts";
import { Histogram } from "#infra/traffic/histogram.ts";
import type { RequestRow } from "#prisma/generated/client.ts";

export type SampleCounts = {
  deploymentId: string;
  /** empty where no variant was reached: refused, or no rule took it */
  variant: string;
  at: Date;
  requests: number;
  /** answers of 400 and above, and what a replica broke off */
  errors: number;
  /** of these, not the caller's fault */
  serverErrors: number;
  p50: number | null;
  p95: number | null;
};

/** Requests stored of a deployment in a second, of errors and of others; all are counted. */
const storedPerSecond = 20;

/**
 * Turns lines of the request log into counts of five seconds and a sample of the requests themselves. The
 * portal's own requests (first answer, test console) are stored but aren't counted: they are no traffic.
 */
export class RequestCounter {
  readonly #histograms = new Map<string, Histogram>();
  readonly #stored = new Map<string, number>();
  readonly #replicaOf: (line: LogLine) => string | null;

  /** @param replicaOf who answered a request; unless given, as the server's name says it */
  constructor(replicaOf: (line: LogLine) => string | null = replicaByName) {
    this.#replicaOf = replicaOf;
  }

  count(lines: LogLine[]): { samples: SampleCounts[]; requests: RequestRow[] } {
    const samples = new Map<string, SampleCounts>();
    for (const line of lines) {
      if (line.k === probeLabel) continue;
      const { variant } = readNames(line.b, line.s);
      const at = sampleStart(line.t);
      const key = `${line.f}/${variant}/${at}`;
      const histogram = this.#histograms.get(key) ?? new Histogram();
      this.#histograms.set(key, histogram);
      if (line.r >= 0) histogram.add(line.a);
      const sample = samples.get(key) ?? empty(line.f, variant, at);
      sample.requests++;
      if (isError(line)) sample.errors++;
      if (isServerError(line)) sample.serverErrors++;
      samples.set(key, sample);
    }
    for (const [key, sample] of samples) {
      sample.p50 = this.#histograms.get(key)?.percentile(0.5) ?? null;
      sample.p95 = this.#histograms.get(key)?.percentile(0.95) ?? null;
    }
    const requests = this.#choose(lines);
    this.#forget(Math.max(0, ...lines.map(({ t }) => t)));
    return { samples: [...samples.values()], requests };
  }

  /** The portal's own always; errors aren't pushed out by others. */
  #choose(lines: LogLine[]): RequestRow[] {
    return lines
      .filter((line) => {
        if (line.k === probeLabel) return true;
        const second = `${line.f}/${isError(line)}/${Math.floor(line.t / 1_000)}`;
        const stored = this.#stored.get(second) ?? 0;
        if (stored >= storedPerSecond) return false;
        this.#stored.set(second, stored + 1);
        return true;
      })
      .map((line) => toRequest(line, this.#replicaOf(line)));
  }

  #forget(newest: number): void {
    for (const key of this.#histograms.keys()) {
      if (Number(key.slice(key.lastIndexOf("/") + 1)) < newest - 24 * sampleMs) this.#histograms.delete(key);
    }
    for (const key of this.#stored.keys()) {
      if (Number(key.slice(key.lastIndexOf("/") + 1)) < newest / 1_000 - 60) this.#stored.delete(key);
    }
  }
}

/** A request that did not get what it asked for, whoever's fault that is; but not one that its client broke off. */
export function isError(line: LogLine): boolean {
  return isServerError(line) || (line.st >= 400 && !brokenOffByClient(line));
}

/** An answer of 500 and above, or one that the replica or its time broke off. */
function isServerError(line: LogLine): boolean {
  if (brokenOffByClient(line)) return false;
  const [cause] = line.e;
  return line.st >= 500 || line.st < 0 || cause === "S" || cause === "s";
}

function brokenOffByClient(line: LogLine): boolean {
  const [cause] = line.e;
  return cause === "C" || cause === "c";
}

function empty(deploymentId: string, variant: string, at: number): SampleCounts {
  return {
    deploymentId,
    variant,
    at: new Date(at),
    requests: 0,
    errors: 0,
    serverErrors: 0,
    p50: null,
    p95: null,
  };
}

/** What the column holds: 2 GiB, less one. */
const mostBytes = 2 ** 31 - 1;

function replicaByName(line: LogLine): string | null {
  const { variant, ordinal } = readNames(line.b, line.s);
  return ordinal === null ? null : `${line.f}/${variant}/${ordinal}`;
}

function toRequest(line: LogLine, replicaId: string | null): RequestRow {
  const { variant } = readNames(line.b, line.s);
  return {
    id: line.id,
    deploymentId: line.f,
    at: new Date(line.t),
    method: line.m,
    path: line.p,
    status: line.st,
    variant: variant || null,
    replicaId,
    queueMs: line.w,
    connectMs: line.c,
    responseMs: line.r,
    totalMs: line.a,
    bytesOut: Math.min(line.o, mostBytes),
  };
}
