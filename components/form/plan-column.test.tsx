import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { PlanColumn } from "#components/form/plan-column.tsx";

test("the plan scrolls by itself, by keyboard too, and the button stays out of what scrolls", () => {
  const page = renderToStaticMarkup(
    <PlanColumn plan={<p>plan</p>} preview={<p>preview</p>} button={<button>make</button>} />,
  );
  const scrolling = /<div tabindex="0" role="group" aria-label="Plan, scrollable"[^>]*>(.*?)<\/div>/i.exec(
    page,
  );
  expect(scrolling?.[1]).toBe("<p>plan</p>");
  expect(page.indexOf("make")).toBeGreaterThan(page.indexOf("preview"));
});
