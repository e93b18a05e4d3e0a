import { test } from "vitest";
import { hasCloud } from "#e2e/cloud/portal/on-google.ts";
import { inBrowser } from "#e2e/cluster/portal/in-browser.ts";

/** In milliseconds; on a quiet machine it takes a third of that. */
const patience = 540_000;

test.skipIf(!hasCloud)(
  "in a browser: a Google project is registered, a deployment fails three times, is mended, changed and torn down",
  { timeout: patience + 10_000 },
  (context) => inBrowser(context, "e2e/cloud/portal/journey.spec.ts", patience),
);
