import { expect, test } from "vitest";
import { SluiceError } from "#lib/errors.ts";
import { invalid } from "#lib/parse-input.ts";
import { readBoth } from "#lib/targets/read-both.ts";

const refuse = (...fields: string[]) => {
  throw invalid(fields.map((field) => ({ field, message: "Wrong.", code: `of_${fields.length}` })));
};
const problems = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof SluiceError) return error.fields.map(({ field, code }) => `${field} ${code}`);
    throw error;
  }
  return null;
};

test("what both read is returned", () => {
  expect(
    readBoth(
      () => 1,
      () => "a",
    ),
  ).toEqual([1, "a"]);
});

test("the problems of either, or of both, are told at once; of one field the first's", () => {
  expect(
    problems(() =>
      readBoth(
        () => refuse("a", "b"),
        () => 1,
      ),
    ),
  ).toEqual(["a of_2", "b of_2"]);
  expect(
    problems(() =>
      readBoth(
        () => 1,
        () => refuse("key"),
      ),
    ),
  ).toEqual(["key of_1"]);
  expect(
    problems(() =>
      readBoth(
        () => refuse("a", "b"),
        () => refuse("key"),
      ),
    ),
  ).toEqual(["a of_2", "b of_2", "key of_1"]);
  expect(
    problems(() =>
      readBoth(
        () => refuse("a", "key"),
        () => refuse("key"),
      ),
    ),
  ).toEqual(["a of_2", "key of_2"]);
});

test("what is no fault of the input goes on as it is", () => {
  const broken = () => {
    throw new Error("broken");
  };
  expect(() => readBoth(() => refuse("a"), broken)).toThrow("broken");
});
