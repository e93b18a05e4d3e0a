import { expect, test } from "vitest";
import { changedFields } from "#components/form/changed-fields.ts";
import { emptyForm, newRule } from "#components/form/form-state.ts";
import { placeIn } from "#components/form/check-form.ts";
import { builtInPlaces } from "#lib/targets/place.ts";

const local = placeIn(builtInPlaces, "local");

const before = { ...emptyForm("k7m2"), port: "9001", lifetime: "2" };

test("a form as it was sends nothing", () => {
  expect(changedFields(before, structuredClone(before), local)).toEqual({});
});

test("what was changed is sent alone, whole", () => {
  expect(changedFields(before, { ...before, access: "open" }, local)).toEqual({
    endpoint: { port: 9001, access: "open", tls: { mode: "none" }, redirectFrom: null },
  });
  const rules = [{ ...newRule("main"), pathPrefix: "/v2/" }];
  expect(changedFields(before, { ...before, rules }, local)).toMatchObject({
    routing: { rules: [{ variant: "main", pathPrefix: "/v2/" }], algorithm: "least-connections" },
  });
  expect(changedFields(before, { ...before, lifetime: "" }, local)).toEqual({ ttlMinutes: null });
});

test("an emptied port and a removed variable are changes too", () => {
  const env = [{ key: "1", name: "TOKEN", kind: "keep" as const, value: "" }];
  expect(changedFields({ ...before, env }, { ...before, port: "" }, local)).toEqual({
    endpoint: { port: null, access: "private", tls: { mode: "none" }, redirectFrom: null },
    env: [],
  });
});
