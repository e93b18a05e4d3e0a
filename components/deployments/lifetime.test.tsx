import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Lifetime } from "#components/deployments/lifetime.tsx";

const words = (given: Parameters<typeof Lifetime>[0]) =>
  renderToStaticMarkup(<Lifetime {...given} />).replace(/<[^>]*>/g, "");

test("what is there has an age; what is destroyed has lived, and isn't called old", () => {
  const createdAt = "2026-01-02T03:04:00.000Z";
  expect(words({ createdAt, destroyedAt: null })).toMatch(/ old$/);
  expect(words({ createdAt, destroyedAt: "2026-01-02T03:04:30.000Z" })).toMatch(
    /^lived 30 s, destroyed .+ ago$/,
  );
});
