import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { StatusPill } from "#components/deployments/status-pill.tsx";

test.each([
  ["failed", "cancelled", "Cancelled"],
  ["failed", "port_taken", "Failed"],
  ["degraded", "cancelled", "Degraded"],
  ["ready", null, "Ready"],
] as const)("%s by %s reads %s", (status, code, word) => {
  expect(renderToStaticMarkup(<StatusPill status={status} code={code} />)).toContain(word);
});
