import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Failed, Step } from "#components/form/engine-preview.tsx";

test("of a failure the sentences are told, the engine's lines stand apart, and the target is a click away", () => {
  const page = renderToStaticMarkup(
    <Failed message={"The API refused it. Ask again.\nline 1\nline 2"} targetId="tgt-1" />,
  );
  expect(page).toContain("The API refused it. Ask again.");
  expect(page).toMatch(/<pre[^>]*>line 1\nline 2<\/pre>/);
  expect(page).toContain('href="/targets/tgt-1"');
  const short = renderToStaticMarkup(<Failed message="It failed. Ask again." targetId={null} />);
  expect(short).not.toContain("<pre");
  expect(short).toContain('href="/targets"');
});

test("a step says what it is that is made, changed or deleted, by a sign too; what stays is none", () => {
  const step = { type: "kubernetes:apps/v1:Deployment", name: "main", fields: [], summary: "2 replicas" };
  const shown = (change: "create" | "delete" | "same") =>
    renderToStaticMarkup(<Step step={{ ...step, change }} />);
  expect(shown("create")).toMatch(/text-ok.*>main<.*is created.*2 replicas/s);
  expect(shown("delete")).toMatch(/text-bad.*>main<.*is deleted/s);
  expect(shown("same")).toBe("");
});
