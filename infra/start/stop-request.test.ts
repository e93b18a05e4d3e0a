import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { onStopRequest } from "#infra/start/stop-request.ts";

function asking() {
  const asker = Object.assign(new EventEmitter(), { connected: true });
  const time = { ms: 0 };
  const request = onStopRequest(asker, () => time.ms);
  const told = { insisted: false };
  void request.insisted.then(() => (told.insisted = true));
  return { asker, time, request, told };
}

test("one Ctrl-C that comes twice asks once; another a while later insists", async () => {
  const { asker, time, request, told } = asking();
  expect(request.signal.aborted).toBe(false);
  asker.emit("SIGINT");
  time.ms = 50;
  asker.emit("SIGINT");
  await request.asked;
  expect(request.signal.aborted).toBe(true);
  expect(told.insisted).toBe(false);
  time.ms = 2_000;
  asker.emit("SIGINT");
  await request.insisted;
});

test("the end of whoever started us asks, and never insists", async () => {
  const { asker, time, request, told } = asking();
  asker.emit("SIGTERM");
  time.ms = 5_000;
  asker.emit("disconnect");
  await request.asked;
  expect(told.insisted).toBe(false);
  const other = asking();
  other.asker.emit("disconnect");
  expect(other.request.signal.aborted).toBe(true);
});
