import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { RightsTable } from "#components/targets/rights-table.tsx";
import { findingsForTest } from "#lib/targets/kubernetes/findings-for-test.ts";
import type { Findings } from "#lib/targets/kubernetes/findings.ts";

type Right = Findings["rights"][number];
const right = (resource: string, given: Partial<Right>): Right => ({
  group: "",
  resource,
  need: "always",
  allowed: ["get"],
  denied: [],
  ...given,
});

test("what is missing stands first, and before what is there", () => {
  const rights = [
    right("pods", {}),
    right("gateways", { need: "gateway", denied: ["create"] }),
    right("secrets", { denied: ["delete"] }),
  ];
  const page = renderToStaticMarkup(<RightsTable findings={findingsForTest({ rights })} />);
  const places = ["secrets", "delete", "get", "gateways", "create", "pods"].map((word) =>
    page.indexOf(`>${word}<`),
  );
  expect(places).not.toContain(-1);
  expect(places.slice(0, 3)).toEqual(places.slice(0, 3).toSorted((a, b) => a - b));
  expect(places[3]).toBeGreaterThan(places[0]!);
  expect(places[5]).toBeGreaterThan(places[3]!);
});
