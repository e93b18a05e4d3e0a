import { PassThrough, Readable } from "node:stream";
import { expect, it } from "vitest";
import { gulps } from "#infra/clusters/figures/gulps.ts";

it("gives all that has come at once, and then the end", async () => {
  const source = new PassThrough();
  const reading = gulps(source);
  source.write("a");
  expect(String((await reading.next()).value)).toBe("a");
  for (const part of ["b", "c", "d"]) source.write(part);
  source.end("e");
  await new Promise((resolve) => source.once("close", resolve));
  expect(String((await reading.next()).value)).toBe("bcde");
  expect(await reading.next()).toEqual({ done: true, value: undefined });
});

it("gives what had come before the stream broke, then says why", async () => {
  const source = new PassThrough();
  const reading = gulps(source);
  const first = reading.next();
  source.write("a");
  expect(String((await first).value)).toBe("a");
  source.destroy(new Error("gone"));
  await expect(reading.next()).rejects.toThrow("gone");
});

it("lets the source wait for a slow reader, and loses nothing", async () => {
  const part = Buffer.alloc(1024 * 1024, "x");
  let made = 0;
  const source = new Readable({
    highWaterMark: 1024,
    read() {
      this.push(made === 20 ? null : part);
      if (made < 20) made++;
    },
  });
  const reading = gulps(source);
  const first = (await reading.next()).value as Buffer;
  await new Promise((resolve) => setImmediate(resolve));
  expect(made).toBeLessThan(20);
  let length = first.length;
  for await (const gulp of reading) length += gulp.length;
  expect(length).toBe(20 * part.length);
});

it("lets go of the source when the reader stops", async () => {
  const source = new PassThrough();
  source.write("a");
  for await (const gulp of gulps(source)) {
    expect(String(gulp)).toBe("a");
    break;
  }
  expect(source.destroyed).toBe(true);
});
