import { expect, test } from "vitest";
import { form } from "#components/form/form-for-test.ts";
import type { FormState } from "#components/form/form-state.ts";
import { stillFound } from "#components/form/still-found.ts";

const of = form({ name: "chat", port: "9001" });
const found = {
  of,
  problems: [
    "name",
    "endpoint.port",
    "endpoint.tls.certificate",
    "variants.0.model",
    "google.staticContent.archive",
  ].map((field) => ({
    field,
    message: "no",
  })),
};
const files = "google.staticContent.archive";
const staticContent = { prefix: "/static", archive: "arc-000000000001" };
const left = (change: Partial<FormState>) =>
  stillFound(found, { ...of, ...change }).map(({ field }) => field);

test("all holds of the form that it was found in", () => {
  expect(stillFound(found, of)).toEqual(found.problems);
});

test.each<[string, Partial<FormState>, string[]]>([
  ["something else", { lifetime: "3" }, ["name", "endpoint.port", "endpoint.tls.certificate", files]],
  ["the name", { name: "other" }, ["endpoint.port", "endpoint.tls.certificate", files]],
  ["the port", { port: "9002" }, ["name", "endpoint.tls.certificate", files]],
  ["the target", { target: "prod" }, ["name", "endpoint.tls.certificate"]],
  ["the certificate", { certificate: "PEM" }, ["name", "endpoint.port", files]],
  [
    "the files",
    { google: { ...of.google, staticContent } },
    ["name", "endpoint.port", "endpoint.tls.certificate"],
  ],
])("a change of %s takes away only what hangs on it", (_what, change, fields) => {
  expect(left(change)).toEqual(fields);
});
