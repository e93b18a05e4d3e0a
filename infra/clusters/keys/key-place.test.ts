import { expect, it, vi } from "vitest";
import { KeyPlace } from "#infra/clusters/keys/key-place.ts";

const told = { failing: vi.fn(), well: vi.fn() };
const settled = () => new Promise((resolve) => setImmediate(resolve));

it("is brought once to the same keys, and again to others", async () => {
  const place = new KeyPlace();
  const done: string[] = [];
  const bring = async (text: string) => {
    place.bring(text, async () => void done.push(text), told);
    await settled();
  };
  for (const text of ["a", "a", "b", "b", "a"]) await bring(text);
  expect(done).toEqual(["a", "b", "a"]);
});

it("waits after a failure with the same keys, not with other ones, and is told of once", async () => {
  const place = new KeyPlace();
  const done: string[] = [];
  const bring = async (text: string, isWell: boolean) => {
    const work = async () => {
      done.push(text);
      if (!isWell) throw new Error("no");
    };
    place.bring(text, work, told);
    await settled();
  };
  await bring("a", false);
  await bring("a", true);
  expect(done).toEqual(["a"]);
  await bring("b", false);
  expect(told.failing).toHaveBeenCalledTimes(1);
  expect(told.well).not.toHaveBeenCalled();
  await bring("c", true);
  expect(done).toEqual(["a", "b", "c"]);
  expect(told.well).toHaveBeenCalledTimes(1);
});

it("isn't begun again while it is under way", async () => {
  const place = new KeyPlace();
  const free = Promise.withResolvers<void>();
  let begun = 0;
  const work = () => {
    begun++;
    return free.promise;
  };
  place.bring("a", work, told);
  place.bring("b", work, told);
  expect(begun).toBe(1);
  free.resolve();
  await settled();
  place.bring("b", work, told);
  expect(begun).toBe(2);
});
