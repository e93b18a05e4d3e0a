import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Failed } from "#components/form/engine-preview.tsx";

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
