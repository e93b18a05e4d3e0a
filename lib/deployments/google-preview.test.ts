import { describe, expect, it } from "vitest";
import { googlePreviewOf } from "#lib/deployments/google-preview.ts";
import { googleSpecForTest, ownClusterOfSpec } from "#lib/deployments/google-spec-for-test.ts";
import type { GoogleSpec } from "#lib/deployments/google-spec.ts";

const google = googleSpecForTest({ cluster: { ...ownClusterOfSpec, maxNodes: 5 } });
type Asked = Parameters<typeof googlePreviewOf>[0];
const asked = (access: "private" | "open", layer: 4 | 7 = 7, of: GoogleSpec | null = google) =>
  ({
    google: of,
    routing: { layer, rules: [], algorithm: "round-robin", affinity: { by: "none" } },
    endpoint: { access },
    variants: [{ weight: 100 }],
  }) as unknown as Asked;

describe("googlePreviewOf", () => {
  it("prices the origin's graph whole, from the fewest nodes to the most", () => {
    const { price } = googlePreviewOf(asked("private"))!;
    expect(price.isComplete).toBe(true);
    expect(price.most).toBeGreaterThan(price.least);
  });

  it("says what hands the requests to HAProxy, and nothing where Google routes or nothing is read", () => {
    expect(googlePreviewOf(asked("private"))).toMatchObject({
      loadBalancer: "google-and-proxy",
      lacks: ["keys"],
    });
    expect(googlePreviewOf(asked("open"))).toMatchObject({ loadBalancer: "google", lacks: [] });
    expect(googlePreviewOf(asked("open", 4))).toMatchObject({ loadBalancer: "service", lacks: [] });
  });

  it("knows no price elsewhere, and says that the sum is the least", () => {
    const far = { ...google, location: "europe-west9", zones: ["europe-west9-a"] };
    expect(googlePreviewOf(asked("open", 7, far))!.price.isComplete).toBe(false);
  });

  it("has nothing to say of other targets", () => {
    expect(googlePreviewOf(asked("open", 7, null))).toBeNull();
  });
});
