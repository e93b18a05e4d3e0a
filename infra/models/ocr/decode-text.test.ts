import { expect, test } from "vitest";
import { alphabetOf, decodeText } from "./decode-text.ts";

const alphabet = alphabetOf("a\nb\nl\n");

/** Steps in which one character is likely, and the others share the rest. */
function steps(...likely: [character: string, probability: number][]): Float32Array {
  return Float32Array.from(
    likely.flatMap(([character, probability]) =>
      alphabet.map((c) => (c === character ? probability : (1 - probability) / (alphabet.length - 1))),
    ),
  );
}

test("the alphabet has a blank before and a space after the dictionary", () => {
  expect(alphabet).toEqual(["", "a", "b", "l", " "]);
});

test("merges repeats, keeps those that a blank parts, drops blanks", () => {
  const data = steps(
    ["", 0.9],
    ["b", 0.9],
    ["b", 0.5],
    ["a", 0.8],
    ["l", 0.7],
    ["", 0.9],
    ["l", 0.6],
    ["", 1],
  );
  const { text, confidence } = decodeText(data, 8, alphabet);
  expect(text).toBe("ball");
  expect(confidence).toBeCloseTo((0.9 + 0.8 + 0.7 + 0.6) / 4);
});

test("reads spaces, and only as many steps as it is told", () => {
  const data = steps(["a", 0.9], [" ", 0.9], ["b", 0.9], ["a", 0.9]);
  expect(decodeText(data, 3, alphabet).text).toBe("a b");
});

test("blanks alone are no text, without confidence", () => {
  expect(decodeText(steps(["", 0.9], ["", 0.9]), 2, alphabet)).toEqual({ text: "", confidence: 0 });
});
