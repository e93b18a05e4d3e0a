import { stripVTControlCharacters } from "node:util";
import type { EngineEvent } from "#infra/engine/driver.ts";
import { withoutFailure } from "#infra/local-runtime/provider/failure.ts";

/** No plan of ours comes near; an engine that goes mad mustn't fill the database. */
const mostLines = 1_000;
const longestLine = 500;

/** The stack itself, with how it changes. The one warning counted in it is where our own plugin was found. */
const stackLine = /^ ([-+~ ])  pulumi:pulumi:Stack /;
/** What says nothing to a person: passing words, where our own plugin was found, advice for the CLI's users. */
const unwanted = [
  /^@ /,
  /using pulumi-resource-sluice from \$PATH/,
  stackLine,
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
  let section = "";
  let stackSign = " ";
  let told = 0;

  const take = (raw: string) => {
    const line = withoutFailure(stripVTControlCharacters(raw)).trimEnd();
    if (/^\S/.test(line)) section = line;
    stackSign = stackLine.exec(line)?.[1] ?? stackSign;
    if (line === "" || section === "Diagnostics:" || unwanted.some((one) => one.test(line))) return;
    if (section === "Resources:") {
      const count = line === section ? null : withoutStack(line, stackSign);
      if (count) say(`${section} ${count}`);
    } else {
      say(line);
    }
  };

  const say = (line: string) => {
    if (told > mostLines) return;
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

const words: Record<string, string> = { "+": "created", "-": "deleted", "~": "updated", " ": "unchanged" };

/** A line of the engine's counts without its stack, which is no resource that anybody asked for. Null: nothing is left. */
function withoutStack(line: string, stackSign: string): string | null {
  const word = words[stackSign] ?? "";
  const left = line
    .trim()
    .split(". ")
    .map((part) =>
      part.replace(/(\d+) (\w+)$/, (whole, count: string, counted: string) =>
        counted === word || (word !== "unchanged" && /^changes?$/.test(counted))
          ? `${Number(count) - 1} ${counted}`
          : whole,
      ),
    )
    .filter((part) => !/(^|\D)0 \w+$/.test(part));
  return left.length === 0 ? null : left.join(". ");
}
