import { describe, expect, it, vi } from "vitest";
import { refreshIfAnswered } from "#components/live/refresh-if-answered.ts";

describe("reading the page again", () => {
  it("happens once the portal has answered", async () => {
    const refresh = vi.fn();
    const asked = refreshIfAnswered(() => Promise.resolve(true), refresh);
    expect(refresh).not.toHaveBeenCalled();
    expect(await asked).toBe(true);
    expect(refresh).toHaveBeenCalledOnce();
  });

  it("is left alone, and owed, while it doesn't answer", async () => {
    const refresh = vi.fn();
    expect(await refreshIfAnswered(() => Promise.resolve(false), refresh)).toBe(false);
    expect(refresh).not.toHaveBeenCalled();
  });
});
