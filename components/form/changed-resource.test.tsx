import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ChangedResource } from "#components/form/changed-resource.tsx";

test("a row says what is made, changed or deleted, by a sign too, and of what; what stays has none", () => {
  const of = { type: "kubernetes:apps/v1:Deployment", name: "main", words: ["2 replicas"] };
  const shown = (change: "create" | "update" | "delete" | "same") =>
    renderToStaticMarkup(<ChangedResource {...of} change={change} fields={["replicas"]} />);
  expect(shown("create")).toMatch(/text-ok.*>main<.*is created.*2 replicas/s);
  expect(shown("update")).toMatch(/is changed: replicas/);
  expect(shown("delete")).toMatch(/text-bad.*>main<.*is deleted/s);
  expect(shown("same")).toBe("");
});
