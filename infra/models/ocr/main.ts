import type { Predict, ServerEvent } from "../predict.ts";
import { serve } from "../serve.ts";
import { inspect } from "./decode-image.ts";
import { accepts, imageFrom } from "./image-from.ts";
import { startReader, type Reading } from "./reader.ts";
import type { Line } from "./read-line.ts";

const model = "PP-OCRv4";

async function load(): Promise<Predict> {
  const reader = await startReader();
  return async ({ body, contentType, wantsEvents, signal }) => {
    const image = imageFrom(body, contentType);
    inspect(image);
    const readings = reader.read(image, signal);
    return wantsEvents ? { events: asEvents(readings) } : { json: await asAnswer(readings) };
  };
}

/** The whole answer at once. */
async function asAnswer(readings: AsyncIterable<Reading>): Promise<object> {
  const lines: Line[] = [];
  let answer = {};
  for await (const reading of readings) {
    if ("line" in reading) lines.push(reading.line);
    else answer = { ...answer, ...("found" in reading ? reading.found : reading.done) };
  }
  return { lines, ...answer, model };
}

/** Each line as it is read, then what is known at the end. */
async function* asEvents(readings: AsyncIterable<Reading>): AsyncGenerator<ServerEvent> {
  let lines = 0;
  let size = {};
  for await (const reading of readings) {
    if ("found" in reading) size = reading.found;
    else if ("done" in reading) yield { event: "done", data: { lines, ...size, model, ...reading.done } };
    else {
      lines += 1;
      yield { event: "line", data: reading.line };
    }
  }
}

await serve({ model, accepts, load });
