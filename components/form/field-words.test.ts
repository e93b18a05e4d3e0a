import { describe, expect, it } from "vitest";
import { fieldWords } from "#components/form/field-words.ts";
import { shares } from "#components/form/shares.ts";
import { specChanges } from "#components/form/spec-changes.ts";

describe("fieldWords", () => {
  it.each([
    ["name", "Name"],
    ["variants.1.scaling.maxReplicas", "Variant 2, replicas to"],
    ["routing.rules.0", "Rule 1"],
    ["routing.rules.2.header.name", "Rule 3, name"],
    ["env.0.value", "Variable 1, value"],
    ["variants", "Variants"],
    ["variants.0.resources.cpu", "Variant 1, processor"],
    ["endpoint.gatewayClass", "Gateway class"],
    ["pullSecret.password", "Pull secret’s password"],
  ])("%s is %s", (field, said) => expect(fieldWords(field)).toBe(said));
  it("doesn't name the only variant", () => {
    expect(fieldWords("variants.0.scaling.maxReplicas", false)).toBe("Replicas to");
  });
  it("calls a variant by its name where it has one", () => {
    expect(fieldWords("variants.1.weight", true, ["stable", "canary"])).toBe("Variant canary, weight");
    expect(fieldWords("variants.1.weight", true, ["stable", ""])).toBe("Variant 2, weight");
  });
});

describe("specChanges", () => {
  const before = {
    variants: [{ name: "main", scaling: { minReplicas: 1, maxReplicas: 3 } }],
    ttlMinutes: null,
  };
  it("is empty for the same spec", () => expect(specChanges(before, structuredClone(before))).toEqual([]));
  it("says from what to what, and what came and went", () => {
    const after = {
      variants: [{ name: "main", scaling: { minReplicas: 1, maxReplicas: 5 } }],
      ttlMinutes: 60,
    };
    expect(specChanges(before, after)).toEqual([
      { what: "Replicas to", from: "3", to: "5" },
      { what: "Time to live, in minutes", from: "nothing", to: "60" },
    ]);
  });
  it("calls each variant as it was called before", () => {
    const named = { variants: [{ name: "stable", weight: 90 }] };
    const after = {
      variants: [
        { name: "old", weight: 90 },
        { name: "canary", weight: 10 },
      ],
    };
    expect(specChanges(named, after).map(({ what }) => what)).toEqual([
      "Variant stable, name",
      "Variant canary, name",
      "Variant canary, weight",
    ]);
  });
});

describe("shares", () => {
  it("adds up to the whole", () => expect(shares([90, 10])).toEqual([90, 10]));
  it("counts what isn't a weight as none", () => expect(shares([50, Number.NaN, -3])).toEqual([100, 0, 0]));
  it("shares nothing where there is no weight", () => expect(shares([0, 0])).toEqual([0, 0]));
});
