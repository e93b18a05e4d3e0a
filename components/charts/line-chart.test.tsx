import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { LineChart } from "#components/charts/line-chart.tsx";

test("the table of figures begins with the newest", () => {
  const page = renderToStaticMarkup(
    <LineChart
      title="Requests"
      times={["10:00", "10:01"]}
      series={[{ name: "ok", values: [3, 7], tone: "ok" }]}
      format={String}
      newest="last minute"
    />,
  );
  const rows = [...page.matchAll(/<tr class="border-t">(.*?)<\/tr>/g)].map(([row]) =>
    row.replace(/<[^>]*>/g, " "),
  );
  expect(rows.map((row) => row.trim().split(/\s+/))).toEqual([
    ["10:01", "7"],
    ["10:00", "3"],
  ]);
});
