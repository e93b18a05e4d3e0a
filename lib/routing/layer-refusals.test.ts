import { describe, expect, it } from "vitest";
import { good, problemsOf, variants } from "#lib/deployments/normalize-for-test.ts";

const open = { access: "open" };
const fieldsOf = (routing: object, endpoint: object = open) =>
  problemsOf({ ...good, model: undefined, variants, routing, endpoint }).map(({ field }) => field);

describe("layer 4", () => {
  it("takes weights, every algorithm and affinity by address", () => {
    for (const algorithm of ["least-connections", "round-robin", "random"]) {
      expect(fieldsOf({ layer: 4, algorithm, affinity: { by: "ip" } })).toEqual([]);
    }
  });

  it("refuses what needs a request to be read, each at its field with the reason", () => {
    const rules = [
      { variant: "a", pathPrefix: "/a" },
      { variant: "b", method: "GET" },
    ];
    const problems = problemsOf({
      ...good,
      model: undefined,
      variants,
      routing: { layer: 4, rules, affinity: { by: "cookie" } },
      endpoint: { access: "private", tls: { mode: "self-signed" }, redirectFrom: 4800 },
    });
    expect(problems.map(({ field }) => field)).toEqual([
      "routing.rules.0",
      "routing.rules.1",
      "routing.affinity",
      "endpoint.access",
      "endpoint.tls",
    ]);
    for (const { message } of problems) expect(message).toContain("layer 7");
    expect(fieldsOf({ layer: 4, affinity: { by: "header", header: "x-a" } })).toEqual(["routing.affinity"]);
  });

  it("is private by default as everywhere, so being open is chosen deliberately", () => {
    expect(fieldsOf({ layer: 4 }, {})).toEqual(["endpoint.access"]);
  });

  it("is 4 or 7", () => {
    expect(problemsOf({ ...good, routing: { layer: 5 } })).toEqual([
      { field: "routing.layer", message: "Choose 4 or 7." },
    ]);
  });
});

describe("a redirect", () => {
  const tls = { mode: "self-signed" };
  it("needs an HTTPS endpoint, and a port of its own", () => {
    expect(fieldsOf({}, { redirectFrom: 4800 })).toEqual(["endpoint.redirectFrom"]);
    expect(fieldsOf({}, { redirectFrom: 4800, port: 4800, tls })).toEqual(["endpoint.redirectFrom"]);
    expect(fieldsOf({}, { redirectFrom: 4800, port: 4801, tls })).toEqual([]);
  });
});
