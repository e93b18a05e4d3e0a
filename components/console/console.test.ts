import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readHeaders, timeSplit } from "#components/console/call.ts";
import { readEventStream } from "#components/console/event-stream.ts";
import { pretty } from "#components/console/pretty.ts";

describe("readHeaders", () => {
  it("reads a line each, and says which isn't one", () => {
    expect(readHeaders("x-beta: yes\n\n  Accept:text/plain \nnonsense")).toEqual({
      headers: { "x-beta": "yes", Accept: "text/plain" },
      bad: ["nonsense"],
    });
  });
});

describe("timeSplit", () => {
  const timing = [
    { name: "queue", ms: 1 },
    { name: "connect", ms: 0.5 },
    { name: "response", ms: 8 },
  ];
  it("gives what nobody measured to the way back", () => {
    expect(timeSplit(timing, 10).at(-1)).toEqual({ name: "transfer", ms: 0.5 });
  });
  it("leaves out parts that weren't reached", () => {
    expect(
      timeSplit(
        [
          { name: "queue", ms: 2 },
          { name: "response", ms: -1 },
        ],
        3,
      ),
    ).toEqual([
      { name: "queue", ms: 2 },
      { name: "transfer", ms: 1 },
    ]);
  });
  it("is empty where nothing was measured", () => expect(timeSplit([], 10)).toEqual([]));
});

describe("readEventStream", () => {
  const text =
    ': still here\n\nevent: line\ndata: {"text":"Grüße"}\n\ndata: a\ndata: b\n\nevent: end\ndata: {}';
  const bytes = new TextEncoder().encode(text);

  it("reads the same events however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const stream = new ReadableStream<Uint8Array>({
          start(controller) {
            for (let i = 1; i < places.length; i += 1)
              controller.enqueue(bytes.slice(places[i - 1], places[i]));
            controller.close();
          },
        });
        const events = [];
        for await (const event of readEventStream(new Response(stream))) events.push(event);
        expect(events).toEqual([
          { name: "line", data: '{"text":"Grüße"}' },
          { name: "message", data: "a\nb" },
          { name: "end", data: "{}" },
        ]);
      }),
    );
  });
});

describe("pretty", () => {
  it("lays JSON out, and leaves other text alone", () => {
    expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(pretty("plain")).toBe("plain");
  });
});
