import { nameInUrn } from "#infra/engine/name-in-urn.ts";
import type { EngineEvent } from "#infra/engine/driver.ts";
import { readFailure, withoutFailure } from "#infra/local-runtime/provider/failure.ts";
import type { Change } from "#lib/operations/events.ts";
import { isPlannedType } from "#lib/targets/plan.ts";

/** What is read of the engine's own events. Its typings lack several, so nothing else is relied on. */
export type RawEvent = {
  sequence: number;
  timestamp: number;
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
  resOpFailedEvent?: { metadata: StepMetadata };
  diagnosticEvent?: { urn?: string; message: string; severity: string; ephemeral?: boolean };
};
type StepMetadata = { op: string; urn: string; type: string };

/** The engine's steps in the timeline's words. Of a replacement's two halves only the making anew is told. */
export const changeOf: Record<string, Change> = {
  create: "create",
  "create-replacement": "replace",
  update: "update",
  delete: "delete",
  same: "same",
};

const levels: Record<string, "info" | "warning" | "error"> = {
  info: "info",
  "info#err": "info",
  warning: "warning",
  error: "error",
};

export type Translator = {
  /** The events that this one lets through: itself, and later ones that came before it. */
  push(raw: RawEvent): EngineEvent[];
  /** What is still waiting for an earlier event that never came. */
  rest(): EngineEvent[];
  /** the engine's error messages so far, and the failures that its plugins wrote */
  errors: string[];
};

/**
 * Turns the engine's events into rows of the timeline, in the order of their numbers, each once.
 *
 * @param now milliseconds, for durations
 */
export function eventTranslator(now: () => number = () => performance.now()): Translator {
  const early = new Map<number, RawEvent>();
  const begun = new Map<string, number>();
  const errors: string[] = [];
  let next: number | null = null;

  const translate = (raw: RawEvent): EngineEvent[] => {
    const started = raw.resourcePreEvent && stepOf(raw.resourcePreEvent.metadata);
    if (started) {
      begun.set(started.key, now());
      return [{ kind: "resource_started", resource: started.resource, change: started.change }];
    }
    const succeeded = raw.resOutputsEvent && stepOf(raw.resOutputsEvent.metadata);
    const failed = raw.resOpFailedEvent && stepOf(raw.resOpFailedEvent.metadata);
    const ended = succeeded ?? failed;
    if (ended) {
      const since = begun.get(ended.key);
      // The engine tells some endings twice (of a resource and of its outputs): the first counts.
      if (since === undefined) return [];
      begun.delete(ended.key);
      const { resource, change } = ended;
      return [
        { kind: "resource_ended", resource, change, ok: !failed, durationMs: Math.round(now() - since) },
      ];
    }
    const { diagnosticEvent: said } = raw;
    if (!said || said.ephemeral) return [];
    const level = levels[said.severity];
    // What a plugin writes to its standard error counts as debug talk; a failure in it is for the end.
    if (level === "error" || readFailure(said.message)) errors.push(said.message);
    if (!level) return [];
    if (/^using pulumi-resource-(?:sluice|kubernetes) from \$PATH/.test(said.message)) return [];
    const text = withoutFailure(plain(said.message)).trim();
    return text === "" ? [] : [{ kind: "log", level, source: "engine", text }];
  };

  return {
    errors,
    push(raw) {
      // The first to come is the first there is: the engine's numbers begin anew with each run.
      next ??= raw.sequence;
      if (raw.sequence < next) return [];
      early.set(raw.sequence, raw);
      const through: EngineEvent[] = [];
      for (let event = early.get(next); event; event = early.get(next)) {
        early.delete(next);
        next += 1;
        through.push(...translate(event));
      }
      return through;
    },
    rest() {
      const left = [...early.values()].sort((a, b) => a.sequence - b.sequence);
      early.clear();
      return left.flatMap(translate);
    },
  };
}

/** Only our own resources: the stack itself and the plugin's entry mean nothing to a person. */
function stepOf(metadata: StepMetadata) {
  const change = changeOf[metadata.op];
  if (!change || !isPlannedType(metadata.type)) return undefined;
  const resource = { type: metadata.type, name: nameInUrn(metadata.urn) };
  return { key: `${metadata.urn} ${metadata.op}`, resource, change };
}

/** The engine marks colours as `<{%fg 1%}>`. */
function plain(text: string): string {
  return text.replaceAll(/<\{%[^%]*%\}>/g, "");
}
