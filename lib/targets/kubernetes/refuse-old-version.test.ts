import { expect, test } from "vitest";
import { findingsForTest } from "#lib/targets/kubernetes/findings-for-test.ts";
import { refuseOldVersion } from "#lib/targets/kubernetes/refuse-old-version.ts";
import { reasonAgainst } from "#lib/targets/target-view.ts";

test.each(["v1.29.14", "v1.29.9+k3s1", "v1.9.0", "1.29.15-gke.1000", "v0.99.0"])(
  "%s is too old: said with what is needed, and nothing is deployed there",
  (version) => {
    expect(refuseOldVersion({ version })).toMatchObject({
      message: expect.stringContaining(`Kubernetes ${version.replace("v", "")}; Sluice needs 1.30`) as string,
      todo: expect.stringMatching(/^Upgrade .* then check again\.$/) as string,
    });
    expect(reasonAgainst(findingsForTest({ version }))).toContain("Sluice needs 1.30 or newer");
  },
);

test.each(["v1.30.0", "v1.36.3", "v1.33.4-gke.1000", "v1.30.0-rc.1", "v2.0.0", "somebody's own", null])(
  "%s is taken",
  (version) => {
    expect(refuseOldVersion({ version })).toBeNull();
    expect(reasonAgainst(findingsForTest({ version }))).toBeNull();
  },
);
