import { CliError } from "#infra/engine/cli.ts";
import { EngineError } from "#infra/engine/driver.ts";
import { readFailure, withoutFailure } from "#infra/local-runtime/provider/failure.ts";
import type { FailureCode } from "#lib/deployments/status.ts";

type Rule = { when: RegExp; code: FailureCode; say: string };

/** What the CLI says, in its own words, and what that means. The first that matches wins. */
const rules: Rule[] = [
  {
    when: /stale fence/,
    code: "stale_fence",
    say: "A newer attempt took over, so this one stopped. Nothing needs to be done.",
  },
  {
    when: /stack is currently locked|ConcurrentUpdateError/,
    code: "interrupted",
    say: "An earlier attempt still holds the engine's lock. Retry: the lock of a dead attempt is taken away.",
  },
  {
    when: /incorrect passphrase|PULUMI_CONFIG_PASSPHRASE/,
    code: "secret_unreadable",
    say: "The engine's state was encrypted with another passphrase. Start Sluice with the SLUICE_KEY and the database it was made with.",
  },
  {
    when: /no resource plugin|could not load plugin|failed to load plugin|plugin .* exited prematurely/i,
    code: "engine_failed",
    say: "The engine couldn't start its plugin for this target. Run npm ci, then retry.",
  },
  {
    // What a plugin says of a cluster names its address: that is none of the database's.
    when: /unable to open bucket|(?<!https?:\/\/.*)connection refused|the database system is (?:shutting down|starting up)|terminating connection|bad connection/,
    code: "engine_failed",
    say: "The engine couldn't reach the database that holds its state. Retry once the database answers.",
  },
  {
    when: /ENOENT|EACCES|spawn .* (?:ENOEXEC|ETXTBSY)/,
    code: "engine_missing",
    say: "The Pulumi CLI can't be run any more. The targets page shows it being fetched again; then retry.",
  },
];

/**
 * Why a run failed, from what the resources' failures said (our provider's carry a code) and else from the CLI's
 * own words.
 *
 * @param diagnostics the engine's error messages, in order
 */
export function translateError(error: unknown, diagnostics: string[], wasCancelled: boolean): EngineError {
  if (error instanceof EngineError) return error;
  const told =
    error instanceof CliError ? error.stderr : error instanceof Error ? error.message : String(error);
  const all = [...diagnostics, told];
  // A cancelled wait makes other steps fail too: the person's wish comes first.
  if (wasCancelled) return new EngineError("cancelled", "It was cancelled.", [], error);
  const failures = all.map(readFailure).filter((failure) => failure !== null);
  const failure = failures.find(({ code }) => code !== "cancelled") ?? failures[0];
  if (failure) {
    // The same failure comes twice: with its log lines, and as what the engine remembers, without.
    const lines = failures.find(
      ({ message, logLines }) => message === failure.message && logLines.length > 0,
    );
    return new EngineError(failure.code, failure.message, lines?.logLines ?? [], error);
  }
  const rule = rules.find(({ when }) => all.some((text) => when.test(text)));
  if (rule) return new EngineError(rule.code, rule.say, lastLines(told), error);
  const message =
    "The engine failed in a way that Sluice doesn't know. Its log says more; a retry goes on from here.";
  return new EngineError("engine_failed", message, lastLines(diagnostics.join("\n") || told), error);
}

/** An answer of Google's with all its details has some forty lines, and what it is about stands in the first. */
const keptLines = 60;

function lastLines(text: string): string[] {
  const lines = withoutFailure(text)
    .split("\n")
    .map((line) => line.trimEnd());
  return lines.filter((line) => line !== "").slice(-keptLines);
}
