import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseVariant, prefixOf, variantAt, type RoutedRequest } from "#lib/routing/choose-variant.ts";
import { crc32 } from "#lib/routing/crc32.ts";

const request: RoutedRequest = { method: "GET", target: "/", headers: {}, ip: "127.0.0.1" };
const weights = [
  { variant: "a", weight: 30 },
  { variant: "b", weight: 0 },
  { variant: "c", weight: 70 },
];
const routing = { deploymentId: "dep-x", rules: [], weights, affinity: { by: "none" as const } };

describe("chooseVariant", () => {
  it("gives each variant exactly its share of the numbers", () => {
    const seen = new Map<string | null, number>();
    for (let roll = 0; roll < 100; roll++) {
      const variant = chooseVariant(routing, request, roll);
      seen.set(variant, (seen.get(variant) ?? 0) + 1);
    }
    expect(Object.fromEntries(seen)).toEqual({ a: 30, c: 70 });
    expect(variantAt(weights, 100)).toBeNull();
  });

  it("takes the first rule that matches, also for a variant without weight", () => {
    const rules = [
      { variant: "b", pathPrefix: "/new" },
      { variant: "c", pathPrefix: "/" },
    ];
    expect(chooseVariant({ ...routing, rules }, { ...request, target: "/new/x?y" }, 0)).toBe("b");
    expect(chooseVariant({ ...routing, rules }, request, 0)).toBe("c");
  });

  it("finds nothing where all weights are 0 and no rule matches", () => {
    expect(chooseVariant({ ...routing, weights: [{ variant: "a", weight: 0 }] }, request, 0)).toBeNull();
  });

  it("keeps a client by its header whatever the number", () => {
    const sticky = { ...routing, affinity: { by: "header" as const, header: "X-User" } };
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(99), fc.nat(99), (user, one, two) => {
        const from = { ...request, headers: { "x-user": user } };
        expect(chooseVariant(sticky, from, one)).toBe(chooseVariant(sticky, from, two));
      }),
    );
  });
});

describe("prefixOf", () => {
  it.each([
    ["/", { exact: "/", below: "/" }],
    ["/v1", { exact: "/v1", below: "/v1/" }],
    ["/v1/", { exact: "/v1", below: "/v1/" }],
  ])("%s", (prefix, expected) => expect(prefixOf(prefix)).toEqual(expected));
});

it("crc32 is the one of zip files", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});
