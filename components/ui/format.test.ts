import { describe, expect, it } from "vitest";
import {
  formatAge,
  formatBytes,
  formatDuration,
  formatLatency,
  formatMoment,
  formatLeft,
  formatRate,
  formatShare,
} from "#components/ui/format.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("formatAge", () => {
  it.each([
    [-5 * SECOND, "0 s"],
    [59.9 * SECOND, "59 s"],
    [MINUTE, "1 min"],
    [59.9 * MINUTE, "59 min"],
    [26 * HOUR, "26 h"],
    [3 * DAY, "3 d"],
  ])("%d ms is %s", (ms, words) => expect(formatAge(ms)).toBe(words));
});

describe("formatLeft", () => {
  it.each([
    [0, "over"],
    [-DAY, "over"],
    [400, "1 s"],
    [90 * SECOND, "2 min"],
    [16 * HOUR + 58 * MINUTE, "16 h 58 min"],
    [5 * HOUR, "5 h"],
    [9 * DAY + 3 * HOUR, "9 d 3 h"],
  ])("%d ms is %s", (ms, words) => expect(formatLeft(ms)).toBe(words));
});

describe("formatDuration", () => {
  it.each([
    [340.4, "340 ms"],
    [2_449, "2.4 s"],
    [59_990, "59.9 s"],
    [65_000, "1 min 5 s"],
    [HOUR, "1 h"],
  ])("%d ms is %s", (ms, words) => expect(formatDuration(ms)).toBe(words));
});

describe("formatLatency", () => {
  it.each([
    [0, "< 1 ms"],
    [0.84, "< 1 ms"],
    [1.5, "1.50 ms"],
    [4, "4 ms"],
    [12.34, "12.3 ms"],
    [340.2, "340 ms"],
    [1_250, "1.25 s"],
  ])("%d ms is %s", (ms, words) => expect(formatLatency(ms)).toBe(words));
});

describe("formatRate", () => {
  it.each([
    [null, "–"],
    [0, "0"],
    [8.333, "8.33"],
    [20.84, "20.8"],
    [12_345.6, "12,346"],
  ])("%s is %s", (rate, words) => expect(formatRate(rate)).toBe(words));
});

describe("formatShare", () => {
  it("never says 0 % of what did happen", () => {
    expect(formatShare(0)).toBe("0 %");
    expect(formatShare(1 / 100_000)).toBe("< 0.1 %");
  });
  it("tells 7 of 500 as 1.4 %", () => expect(formatShare(7 / 500)).toBe("1.4 %"));
  it("leaves out digits that say nothing", () => expect(formatShare(0.5)).toBe("50 %"));
  it("is a dash before anything was measured", () => expect(formatShare(null)).toBe("–"));
});

describe("formatBytes", () => {
  it.each([
    [312, "312 B"],
    [1_550, "1.6 kB"],
    [4_200_000, "4.2 MB"],
  ])("%d is %s", (bytes, words) => expect(formatBytes(bytes)).toBe(words));
});

describe("formatMoment", () => {
  const at = "2026-01-31T23:05:09.250Z";
  it("is of the reader's zone, which it names", () => {
    expect(formatMoment(at, "UTC")).toBe("2026-01-31 23:05:09 UTC");
    expect(formatMoment(at, "Asia/Tokyo")).toBe("2026-02-01 08:05:09 Asia/Tokyo");
  });
});
