import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

// The directions of docs/architecture.md, read from the sources themselves: ESLint holds them while one writes,
// this also holds when a rule there is turned off.

const root = path.resolve(import.meta.dirname, "../..");
const files = globSync("{app,components,lib,infra,prisma}/**/*.{ts,tsx,mjs}", { cwd: root })
  .filter((file) => !file.startsWith("prisma/generated/"))
  .map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") }));

const mayImport: Record<string, string[]> = {
  app: ["app", "components", "lib"],
  components: ["components", "lib"],
  lib: ["lib", "prisma"],
  infra: ["infra", "lib", "prisma"],
  prisma: ["prisma", "lib", "infra"],
};

function importsOf(text: string): string[] {
  const found = text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"'\n]+)["']/g);
  return [...found].map(([, specifier]) => specifier!);
}

/** The top-level folder that an import leads to; null for a package. */
function folderOf(file: string, specifier: string): string | null {
  if (specifier.startsWith("#")) return specifier.slice(1).split("/")[0]!;
  if (!specifier.startsWith(".")) return null;
  return path.join(path.dirname(file), specifier).split("/")[0]!;
}

test("the sources are found, with their imports", () => {
  expect(files.length).toBeGreaterThan(100);
  const self = files.find(({ file }) => file === "infra/start/main.ts")!;
  expect(importsOf(self.text)).toEqual(expect.arrayContaining(["#lib/env.ts", "#infra/start/first-link.ts"]));
});

test("imports lead only where the architecture lets them", () => {
  const wrong = files.flatMap(({ file, text }) => {
    const from = file.split("/")[0]!;
    const targets = importsOf(text).map((specifier) => ({ specifier, to: folderOf(file, specifier) }));
    return targets
      .filter(({ to }) => to !== null && to !== "package.json" && !mayImport[from]!.includes(to))
      .map(({ specifier }) => `${file} imports ${specifier}`);
  });
  expect(wrong).toEqual([]);
});

test("only infra knows Pulumi and starts processes, and lib knows Next and React in lib/web alone", () => {
  const allowed: [RegExp, RegExp][] = [
    [/^@pulumi\//, /^infra\//],
    [/^(node:)?child_process$/, /^infra\//],
    [/^next(\/|$)/, /^(app|components|lib\/web)\//],
    [/^react(-dom)?(\/|$)/, /^(app|components|lib\/web)\//],
  ];
  const wrong = files.flatMap(({ file, text }) =>
    importsOf(text).flatMap((specifier) => {
      const rule = allowed.find(([what]) => what.test(specifier));
      return rule && !rule[1].test(file) ? [`${file} imports ${specifier}`] : [];
    }),
  );
  expect(wrong).toEqual([]);
});

test("no folder is named after nothing in particular", () => {
  const vague = files.filter(({ file }) => /(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.)/.test(file));
  expect(vague.map(({ file }) => file)).toEqual([]);
});

test("no file only hands on what others export", () => {
  const barrels = files.filter(({ text }) => {
    const code = text.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "").trim();
    const rest = code
      .replace(/export\s+(type\s+)?(\*|\{[^}]*\})(\s+as\s+\w+)?\s+from\s+["'][^"']+["'];?/g, "")
      .trim();
    return code !== "" && rest === "";
  });
  expect(barrels.map(({ file }) => file)).toEqual([]);
});
