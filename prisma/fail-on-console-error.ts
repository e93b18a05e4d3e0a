import { afterEach, beforeEach, expect, vi } from "vitest";

// A complaint nobody reads is a defect nobody finds: whatever is written to console.error fails its test.
let complaints: unknown[][] = [];

beforeEach(() => {
  complaints = [];
  vi.spyOn(console, "error").mockImplementation((...args) => void complaints.push(args));
});

afterEach(() => expect(complaints).toEqual([]));
