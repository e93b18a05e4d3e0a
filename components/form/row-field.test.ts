import { expect, test } from "vitest";
import { form, main } from "#components/form/form-for-test.ts";
import { newRule, newVariant, type EnvState } from "#components/form/form-state.ts";
import { rowField } from "#components/form/row-field.ts";

const variable = (key: string): EnvState => ({ key, name: "", kind: "plain", value: "" });

test("a field of a row stays the same field when a row before it goes", () => {
  const before = form({
    variants: [main, { ...newVariant("canary", "ocr"), key: "canary" }],
    rules: [newRule("main"), { ...newRule("main"), key: "second" }],
    env: [variable("a"), variable("b")],
  });
  const { variants, rules, env } = before;
  const after = { ...before, variants: variants.slice(1), rules: rules.slice(1), env: env.slice(1) };
  for (const [was, is, known] of [
    [
      "variants.1.scaling.maxReplicas",
      "variants.0.scaling.maxReplicas",
      "variants.canary.scaling.maxReplicas",
    ],
    ["routing.rules.1", "routing.rules.0", "routing.rules.second"],
    ["env.1.name", "env.0.name", "env.b.name"],
  ] as const) {
    expect(rowField(before, was)).toBe(known);
    expect(rowField(after, is)).toBe(known);
  }
});

test.each(["name", "variants", "routing.affinity.by", "endpoint.port", "env.9.name"])(
  "%s, which is of no row, stays as it is",
  (field) => expect(rowField(form({ env: [variable("a")] }), field)).toBe(field),
);
