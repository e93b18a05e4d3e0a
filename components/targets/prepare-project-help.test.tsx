import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { PrepareProjectHelp } from "#components/targets/prepare-project-help.tsx";
import { rights } from "#lib/targets/gke/rights.ts";

it("has the whole script, folded away until it is wanted", () => {
  const words = renderToStaticMarkup(<PrepareProjectHelp />);
  expect(words).toMatch(/<details(?! open).*PROJECT=MY-PROJECT\n.*<\/details>/s);
  for (const { role } of rights) expect(words).toContain(`  ${role}`);
  expect(words).toContain("-compute@developer.gserviceaccount.com");
});
