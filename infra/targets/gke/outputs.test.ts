import { expect, test } from "vitest";
import { endpointOf } from "#infra/targets/gke/outputs.ts";
import { gkeForms } from "#lib/targets/gke/forms-for-test.ts";

const said = { address: "203.0.113.10" };
const of = (form: string, outputs: unknown = said) => {
  const { spec, settings } = gkeForms[form]!;
  return endpointOf(outputs, spec, settings);
};

test("the reserved address is the result, by HTTP or HTTPS as the form says", () => {
  expect(of("keys, so HAProxy routes")).toEqual({
    url: "http://203.0.113.10",
    ip: "203.0.113.10",
    port: 80,
    access: "private",
  });
  expect(of("layer 4")).toMatchObject({ url: "http://203.0.113.10", access: "open" });
  expect(of("a given certificate")).toMatchObject({
    url: "https://203.0.113.10",
    port: 443,
    certificate: "-----BEGIN CERTIFICATE-----",
  });
});

test("with a domain it is asked for by its name, at the address; its certificate is Google's", () => {
  const endpoint = of("a domain");
  expect(endpoint).toMatchObject({ url: "https://model.example.com", ip: "203.0.113.10", port: 443 });
  expect(endpoint).not.toHaveProperty("certificate");
});

test("no address is a failure that says so", () => {
  expect(() => of("keys, so HAProxy routes", {})).toThrow("Google told no address");
});
