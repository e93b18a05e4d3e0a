import { describe, expect, it } from "vitest";
import { chooseVariant } from "#lib/routing/choose-variant.ts";
import { gatewayCan } from "#lib/routing/http-route.ts";
import { routingSets } from "#lib/routing/routing-cases.ts";

describe.each(routingSets.filter(({ exchanges }) => exchanges.length > 0))("$name", (set) => {
  const routed = set.exchanges.flatMap((exchange) =>
    "variant" in exchange.expected ? [{ ...exchange, variant: exchange.expected.variant }] : [],
  );
  it.each(routed)("the model agrees: $name", ({ method = "GET", target, headers = {}, variant }) => {
    const weights = Object.entries(set.weights).map(([name, weight]) => ({ variant: name, weight }));
    const routing = { deploymentId: "dep-x", rules: set.rules, weights, affinity: set.affinity };
    expect(chooseVariant(routing, { method, target, headers, ip: "127.0.0.1" }, 0)).toBe(variant);
  });
});

it("holds what a Gateway can do alone, and what it can't", () => {
  const alone = routingSets.filter(({ access, rules, algorithm, affinity }) =>
    gatewayCan({ endpoint: { access }, routing: { rules, algorithm, affinity } }),
  );
  expect(alone.map(({ name }) => name)).toEqual([
    "rules on path, method, header and query",
    "weights",
    "HTTPS, and HTTP redirected to it",
  ]);
});
