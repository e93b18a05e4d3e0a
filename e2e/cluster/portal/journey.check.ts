import { test } from "vitest";
import { inBrowser } from "#e2e/cluster/portal/in-browser.ts";

/** In milliseconds; on a quiet machine it takes a third of that. */
const patience = 540_000;

test(
  "in a browser: a cluster is registered, a deployment goes on it to its receipt, another is forgotten",
  { timeout: patience + 10_000 },
  (context) => inBrowser(context, "e2e/cluster/portal/journey.spec.ts", patience),
);
