import type { RecordedEvent } from "#lib/operations/events.ts";

/** An operation's events as the portal streams them, until it has ended. */
export async function* operationEvents(
  portalUrl: string,
  key: string,
  id: string,
): AsyncGenerator<RecordedEvent> {
  const response = await fetch(`${portalUrl}/api/v1/operations/${id}/events`, {
    headers: { authorization: `Bearer ${key}`, accept: "text/event-stream" },
  });
  if (!response.ok || !response.body) throw new Error(`The events were answered ${response.status}.`);
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split("\n\n");
    text = blocks.pop()!;
    for (const block of blocks) {
      const data = block.split("\n").find((line) => line.startsWith("data: "));
      if (data) yield JSON.parse(data.slice("data: ".length)) as RecordedEvent;
    }
  }
}
