import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { filledFields } from "#components/auth/filled-fields.ts";
import { SpendLinkForm } from "#components/auth/spend-link-form.tsx";

const inputsOf = (invitation: boolean) =>
  [...renderToStaticMarkup(<SpendLinkForm token="sll_x" invitation={invitation} />).matchAll(/<input[^>]*>/g)]
    .map(([input]) => input)
    .map((input) => [/name="(\w+)"/.exec(input)?.[1], / required/.test(input)]);

test("an invitation asks for a name and a password", () => {
  expect(inputsOf(true)).toEqual([
    ["name", true],
    ["password", true],
  ]);
});

test("a sign-in link takes a new password from who forgot theirs, and goes on without", () => {
  expect(inputsOf(false)).toEqual([["password", false]]);
  const form = new FormData();
  form.set("password", "");
  expect(filledFields(form)).toEqual({});
  form.set("password", "not forgotten");
  expect(filledFields(form)).toEqual({ password: "not forgotten" });
});
