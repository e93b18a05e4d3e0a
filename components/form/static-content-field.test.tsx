import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { StaticContentField } from "#components/form/static-content-field.tsx";
import type { ArchiveView } from "#lib/archives/archive-view.ts";

const archive: ArchiveView = {
  id: "arc-222222222222",
  name: "site.zip",
  bytes: 5000,
  deploymentId: null,
  createdAt: "2026-11-23T08:00:00.000Z",
  folder: "site",
  files: Array.from({ length: 9 }, (_, n) => ({
    path: n === 8 ? "index.html" : `img/größe ${n}.png`,
    bytes: 1000,
    type: "image/png",
  })),
  leftOut: { count: 5, first: ["site/.git/HEAD", "site/.env", "site/.DS_Store", "site/.git/config"] },
};
const value = { prefix: "/files", archive: archive.id };
const tie = (field: string, error: string | null = null) => ({
  error,
  "data-field": field,
  onBlur: () => {},
});

function shown(props: Partial<Parameters<typeof StaticContentField>[0]> = {}): string {
  const problems = { prefix: tie("p"), archive: tie("a") };
  const given = { value, onChange: () => {}, refusal: null, problems, archive, ...props };
  return renderToStaticMarkup(<StaticContentField {...given} />);
}

test("without an archive there is one control, with the limits, and nothing is warned of", () => {
  const page = shown({ value: null, archive: null });
  expect(page).toContain("Choose a zip archive<");
  expect(page).toContain("At most 20 MiB, unpacked 50 MiB, and 1000 files.");
  expect(page).not.toMatch(/internet|Path prefix|Remove/);
});

test("what is in the archive is shown: size, first files, the rest folded away, the folder and what is left out", () => {
  const page = shown();
  expect(page).toContain("9 files, 9.0 kB");
  expect(page.split("<details")[0]!.match(/<li/g)).toHaveLength(6);
  expect(page).toContain(">3 more<");
  expect(page).toMatch(/in the folder <span class="code">site<\/span>/);
  expect(page).toContain("site/.git/HEAD, site/.env, site/.DS_Store and 2 more.");
});

test("it says plainly that anybody may read the files, and at which address", () => {
  const page = shown();
  expect(page).toContain("Anyone on the internet can read these files, without a key.");
  expect(page).toContain("http://ADDRESS/files/index.html");
  const first = { ...archive, files: archive.files.slice(0, 1) };
  expect(shown({ archive: first })).toContain("http://ADDRESS/files/img/gr%C3%B6%C3%9Fe%200.png");
});

test("a problem is tied to its control", () => {
  const problems = { prefix: tie("p", "A path such as /static."), archive: tie("a", "Upload it again.") };
  const page = shown({ problems });
  expect(page).toMatch(/<input(?=[^>]*type="file")(?=[^>]*aria-invalid="true")(?=[^>]*data-field="a")/);
  const [, id] = /<p id="([^"]+-error)"[^>]*>(?:(?!<\/p>).)*Upload it again\./.exec(page) ?? [];
  expect(page).toMatch(new RegExp(`type="file"[^>]*aria-describedby="${id} `));
  expect(page).toMatch(/<input(?=[^>]*value="\/files")(?=[^>]*aria-invalid="true")(?=[^>]*data-field="p")/);
  // Two colours of one border: the stylesheet's order would choose, not the state.
  const edges = (html: string) =>
    /class="([^"]*border-dashed[^"]*)"/.exec(html)?.[1]?.match(/border-(bad|edge)/g);
  expect(edges(page)).toEqual(["border-bad"]);
  expect(edges(shown())).toEqual(["border-edge"]);
});

test("where none can be served the reason stands there, and what was chosen can be removed", () => {
  const refusal = "Static files are served by a load balancer of layer 7.";
  expect(shown({ refusal, value: null })).toBe(
    `<div class="flex flex-col items-start gap-3"><p class="text-muted">${refusal}</p></div>`,
  );
  expect(shown({ refusal })).toContain("Remove the static files");
});
