import { expect, test } from "vitest";
import { inProject } from "#infra/targets/gke/target.ts";
import type { Trouble } from "#infra/targets/target.ts";

const trouble = (change: Partial<Trouble>): Trouble => ({
  code: "image_pull",
  message: "A sentence.",
  logLines: [],
  of: "kubernetes:apps/v1:Deployment::model-main",
  ...change,
});

test("a cluster that is silent keeps waiting only what is made in it", () => {
  const silent = trouble({ code: "target_unreachable", of: null });
  expect(inProject(silent, false)).toEqual({ ...silent, of: "kubernetes:" });
  expect(inProject(trouble({}), true)).toEqual(trouble({}));
  const refused = trouble({ code: "target_refused", of: null });
  expect(inProject(refused, false)).toEqual(refused);
});

test("where nodes get GPUs, that no node fits may pass", () => {
  const fitless = trouble({ code: "no_node_fits" });
  expect(inProject(fitless, false)).toEqual(fitless);
  expect(inProject(fitless, true)).toEqual({ ...fitless, mayPass: true });
});
