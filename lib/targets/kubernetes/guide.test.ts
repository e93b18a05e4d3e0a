import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import { expect, test } from "vitest";
import { kubeconfigCommand, serviceAccountManifest } from "#lib/targets/kubernetes/service-account.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const guide = readFileSync(path.join(root, "docs/targets.md"), "utf8");

test("the guide has the very text to paste that the portal shows", () => {
  const [, manifest] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? [];
  const [, command] = /```sh\n([\s\S]*?)\n```/.exec(guide) ?? [];
  const objectsOf = (text: string) => parseAllDocuments(text).map((one) => one.toJS() as unknown);
  expect(objectsOf(manifest ?? "")).toEqual(objectsOf(serviceAccountManifest()));
  expect(command).toBe(kubeconfigCommand);
});

test("each file that it names as a proof is there", () => {
  const named = [...guide.matchAll(/`([a-z0-9-]+\/[^` ]+\.ts)`/g)].map(([, file]) => file!);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => globSync(file, { cwd: root }).length === 0)).toEqual([]);
});
