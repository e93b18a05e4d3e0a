export type StreamedEvent = { name: string; data: string; afterMs: number };

/** Reads server-sent events as they come, however their bytes are cut. */
export async function* readEventStream(response: Response): AsyncGenerator<Omit<StreamedEvent, "afterMs">> {
  if (!response.body) return;
  let rest = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    rest += value;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = readBlock(block);
      if (event) yield event;
    }
  }
  const last = readBlock(rest);
  if (last) yield last;
}

function readBlock(block: string): Omit<StreamedEvent, "afterMs"> | null {
  let name = "message";
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ""] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  return data.length === 0 ? null : { name, data: data.join("\n") };
}
