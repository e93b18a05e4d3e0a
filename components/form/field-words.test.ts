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
    ["env.0.keep", "Variable 1, secret"],
    ["variants", "Variants"],
    ["variants.0.resources.cpu", "Variant 1, processor"],
    ["endpoint.gatewayClass", "Gateway class"],
    ["google.cluster.name", "Existing cluster"],
    ["google.cluster.gpu.count", "GPUs in each node"],
    ["google.cluster.minNodes", "Nodes from"],
    ["pullSecret.password", "Pull secret’s password"],
  ])("%s is %s", (field, said) => expect(fieldWords(field)).toBe(said));
  it("doesn't name the only variant", () => {
    expect(fieldWords("variants.0.scaling.maxReplicas", false)).toBe("Replicas to");
    expect(fieldWords("variants.0.name", false)).toBe("Variant’s name");
  });
  it("calls a variant by its name where it has one", () => {
    expect(fieldWords("variants.1.weight", true, { variants: ["stable", "canary"] })).toBe(
      "Variant canary, weight",
    );
    expect(fieldWords("variants.1.weight", true, { variants: ["stable", ""] })).toBe("Variant 2, weight");
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
  it("says yes and no, not true and false", () => {
    const rooted = (runAsRoot: boolean) => ({ variants: [{ name: "main", model: { runAsRoot } }] });
    const [change] = specChanges(rooted(false), rooted(true));
    expect([change?.from, change?.to]).toEqual(["no", "yes"]);
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
  it("says that the first of several went, and nothing of those after it", () => {
    const three = {
      variants: ["one", "two", "three"].map((name, index) => ({ name, weight: index })),
      env: ["A", "B", "C"].map((name) => ({ name, value: `of ${name}` })),
      routing: { rules: ["/one", "/two", "/three"].map((pathPrefix) => ({ variant: "two", pathPrefix })) },
    };
    const fewer = {
      variants: three.variants.slice(1),
      env: three.env.slice(1),
      // A stored one's fields may stand in another order.
      routing: {
        rules: three.routing.rules.slice(1).map(({ variant, pathPrefix }) => ({ pathPrefix, variant })),
      },
    };
    const gone = [
      ["Variant one, name", "one"],
      ["Variant one, weight", "0"],
      ["Rule 1, variant", "two"],
      ["Rule 1, path", "/one"],
      ["Variable A, name", "A"],
      ["Variable A, value", "of A"],
    ];
    expect(specChanges(three, fewer)).toEqual(
      gone.map(([what, value]) => ({ what, from: value, to: "nothing" })),
    );
    expect(specChanges(fewer, three)).toEqual(
      gone.map(([what, value]) => ({ what, from: "nothing", to: value })),
    );
  });
  it("finds a rule that was changed between two that stay, and one that moved", () => {
    const of = (...paths: string[]) => ({
      variants: [],
      routing: { rules: paths.map((pathPrefix) => ({ pathPrefix })) },
    });
    expect(specChanges(of("/a", "/b", "/c"), of("/a", "/x", "/c"))).toEqual([
      { what: "Rule 2, path", from: "/b", to: "/x" },
    ]);
    expect(specChanges(of("/a", "/b", "/c"), of("/b", "/c", "/a"))).toEqual([
      { what: "Rule 1, path", from: "/a", to: "nothing" },
      { what: "Rule 3, path", from: "nothing", to: "/a" },
    ]);
  });
});

describe("shares", () => {
  it("adds up to the whole", () => expect(shares([90, 10])).toEqual([90, 10]));
  it("counts what isn't a weight as none", () => expect(shares([50, Number.NaN, -3])).toEqual([100, 0, 0]));
  it("shares nothing where there is no weight", () => expect(shares([0, 0])).toEqual([0, 0]));
});
