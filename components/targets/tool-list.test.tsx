import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { toolForTest } from "#components/targets/tool-for-test.ts";
import { ToolList } from "#components/targets/tool-list.tsx";

it("of a tool that can't be had, what to do comes first, and what was said is folded away", () => {
  const tool = toolForTest({ status: "failed", message: "Put it on PATH.\nerror: failed all 5 attempts" });
  const words = renderToStaticMarkup(<ToolList list={[tool]} />);
  expect(words).toMatch(/Put it on PATH\. It is tried again every minute\.<\/p><details/);
  expect(words).toMatch(/<details(?! open).*error: failed all 5 attempts.*<\/details>/);
});

it("where nothing more was said, nothing is folded away", () => {
  const tool = toolForTest({ status: "failed", message: "Install python3." });
  expect(renderToStaticMarkup(<ToolList list={[tool]} />)).not.toContain("<details");
});

it("of a tool that was found on the machine, the list says where", () => {
  const tool = toolForTest({
    name: "pulumi-gcp",
    status: "ready",
    source: "path",
    message: "/opt/pulumi-resource-gcp",
  });
  const words = renderToStaticMarkup(<ToolList list={[tool]} />);
  expect(words).toMatch(/found on this machine.*\/opt\/pulumi-resource-gcp/);
  expect(words).not.toContain("It is tried again");
});
