import type { Predict } from "../predict.ts";
import { parseObject } from "../read-body.ts";
import { Refusal } from "../refusal.ts";
import { serve } from "../serve.ts";

const model = "wink-eng-lite-web-model";
const maxCharacters = 20_000;

/** Twelve bytes a character: what JSON takes for one outside the basic plane when it is escaped. */
const maxBytes = maxCharacters * 12 + 1_000;

/** Node starts listening while these two packages, the greater part of the start, are still being read. */
async function load(): Promise<Predict> {
  const { analyse } = await import("./analyse.ts");
  analyse("The first text takes longer than those after it.");
  return async ({ body }) => {
    const text = textOf(parseObject(body));
    const started = performance.now();
    const analysis = analyse(text);
    return {
      json: { ...analysis, model, durationMs: Math.round((performance.now() - started) * 100) / 100 },
    };
  };
}

function textOf(input: Record<string, unknown>): string {
  const { text } = input;
  if (typeof text !== "string" || text.trim() === "") {
    throw new Refusal(422, "invalid", 'Send {"text": "…"} with some English text in it.');
  }
  if (text.length > maxCharacters) {
    throw new Refusal(
      422,
      "invalid",
      `The text has ${text.length.toLocaleString("en")} characters; at most ${maxCharacters.toLocaleString("en")} can be read at once. Split it.`,
    );
  }
  return text;
}

await serve({ model, accepts: { "application/json": maxBytes }, load });
