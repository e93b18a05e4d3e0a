import { expect, it } from "vitest";
import { roomWords, tooMuch } from "#components/form/resources-fit.ts";

const room = { cpuMillis: 3500, memoryBytes: 8 * 2 ** 30, gpus: 0 };

it("says what is free", () => {
  expect(roomWords(room)).toBe("3.5 cores, 8 GiB and no GPU");
  expect(roomWords({ ...room, gpus: 2 })).toBe("3.5 cores, 8 GiB and 2 GPU");
});

it("finds what no node has free, and nothing in what fits exactly or isn't a quantity", () => {
  expect(tooMuch({ cpu: "3500m", memory: "8Gi", gpus: 0 }, room)).toEqual([]);
  expect(tooMuch({ cpu: "4", memory: "9Gi", gpus: 1 }, room)).toEqual([
    "4 of processor",
    "9Gi of memory",
    "1 GPU",
  ]);
  expect(tooMuch({ cpu: "many", memory: "", gpus: NaN }, room)).toEqual([]);
});
