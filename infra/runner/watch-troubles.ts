import type { RunnerTarget, Trouble } from "#infra/targets/target.ts";
import type { OperationEvent } from "#lib/operations/events.ts";

const everyMs = 2_000;

/**
 * Looks every two seconds what keeps replicas from being ready, and says each reason once. What can't be looked at
 * now is looked at the next time.
 *
 * @returns a function that ends it
 */
export function watchTroubles(
  troubles: NonNullable<RunnerTarget["troubles"]>,
  emit: (event: OperationEvent) => void,
): () => void {
  const said = new Set<string>();
  const stopping = new AbortController();
  const say = ({ message, logLines }: Trouble) => {
    if (said.has(message) || stopping.signal.aborted) return;
    said.add(message);
    emit({ kind: "log", level: "warning", source: "runtime", text: [message, ...logLines].join("\n") });
  };
  const look = async () => {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (stopping.signal.aborted) return;
      const found = await troubles(stopping.signal).catch(() => []);
      found.forEach(say);
    }
  };
  void look();
  return () => stopping.abort();
}
