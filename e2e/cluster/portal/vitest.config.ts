import { existsSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const root = path.resolve(import.meta.dirname, "../../..");

const files = (...names: string[]) => names.map((name) => `e2e/cluster/portal/${name}.check.ts`);

/** Checks that change what others scale by or are scheduled to. */
const changing = files("metrics", "spread");
/** Checks that ask the engine alone: they fill the time in which those wait. */
const asking = ["e2e/cluster/portal/previews.check.ts", "e2e/cloud/portal/previews.check.ts"];
/** One that ends the worker. */
const ending = files("interrupted");

/** Those that take minutes, the longest first. */
const longest = [
  "cluster/portal/trouble",
  "cloud/portal/failures",
  "cluster/portal/routing",
  "cluster/portal/journey",
  "cloud/portal/journey",
  "cloud/portal/deploy",
  "cloud/portal/existing",
  "cloud/portal/change",
  "cloud/portal/routing",
  "cluster/portal/metrics",
  "cluster/portal/replicas",
  "cloud/portal/canary",
  "cloud/portal/trouble",
];

for (const name of longest) {
  if (!existsSync(path.join(root, `e2e/${name}.check.ts`))) throw new Error(`There is no check ${name}.`);
}

/** Begins with what takes longest, so that all don't wait for it at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(specifications);
    const rank = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((name) => moduleId.endsWith(`e2e/${name}.check.ts`));
      return found < 0 ? longest.length : found;
    };
    return usual.toSorted((one, other) => rank(one) - rank(other));
  }
}

const patience = { testTimeout: 400_000, hookTimeout: 300_000 };

export default defineConfig({
  root,
  test: {
    // Where there can be no cluster, the checks are named as skipped and nothing is started.
    globalSetup: process.env.SLUICE_CLUSTER_MISSING ? [] : [path.join(import.meta.dirname, "start.ts")],
    sequence: { sequencer: LongestFirst },
    // Most of a check is waiting for the cluster: some wait together, then the others apart from them.
    projects: [
      {
        root,
        test: {
          ...patience,
          name: "together",
          include: ["e2e/cluster/portal/*.check.ts", "e2e/cloud/portal/*.check.ts"],
          exclude: [...changing, ...asking, ...ending],
          maxWorkers: 3,
          // At a time, of the tests of one file.
          maxConcurrency: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        root,
        test: {
          ...patience,
          name: "apart",
          include: [...changing, ...asking],
          maxWorkers: 3,
          maxConcurrency: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        root,
        test: {
          ...patience,
          name: "alone",
          include: ending,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
