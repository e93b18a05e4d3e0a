import { stripVTControlCharacters } from "node:util";
import type { EngineEvent } from "#infra/engine/driver.ts";
import { withoutFailure } from "#infra/local-runtime/provider/failure.ts";

/** No plan of ours comes near; an engine that goes mad mustn't fill the database. */
const mostLines = 1_000;
const longestLine = 500;

/** What says nothing to a person: passing words, where our own plugin was found, advice for the CLI's users. */
const unwanted = [
  /^@ /,
  /using pulumi-resource-sluice from \$PATH/,
  /^ {4}pulumi:pulumi:Stack /,
  /^The resources in the stack have been deleted, but/,
  /^If you want to remove the stack completely/,
];

/**
 * Takes the CLI's standard output piece by piece and tells its lines as a person would read them on a terminal:
 * each resource's steps, the outputs, the counts, the duration. Its section of diagnostics is left out, since those
 * come as events of their own (translate-events.ts).
 */
export function outputLines(tell: (event: EngineEvent) => void): { push(text: string): void; end(): void } {
  let rest = "";
  let isDiagnostics = false;
  let told = 0;

  const take = (raw: string) => {
    const line = withoutFailure(stripVTControlCharacters(raw)).trimEnd();
    if (/^\S/.test(line)) isDiagnostics = line === "Diagnostics:";
    if (line === "" || isDiagnostics || told > mostLines || unwanted.some((one) => one.test(line))) return;
    told += 1;
    const text = told > mostLines ? "The engine said more, which isn't kept." : line.slice(0, longestLine);
    tell({ kind: "log", level: "info", source: "engine", text });
  };

  return {
    push(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(take);
    },
    end() {
      take(rest);
      rest = "";
    },
  };
}
