import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { deploymentForTest } from "#components/deployments/deployment-for-test.ts";
import {
  certificateWords,
  clusterConsoleLink,
  dnsWords,
  nodesWords,
} from "#components/deployments/google-facts-words.ts";
import { GoogleFacts } from "#components/deployments/google-facts.tsx";
import type { DomainState } from "#lib/deployments/domain-state.ts";
import { googleSpecForTest, ownClusterOfSpec } from "#lib/deployments/google-spec-for-test.ts";
import type { GoogleSpec } from "#lib/deployments/google-spec.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import { existingClusterForTest } from "#lib/targets/gke/forms-for-test.ts";

const google = googleSpecForTest();
const at = { url: "http://192.0.2.7", ip: "192.0.2.7", port: 80, access: "open" } as const;
const shown = (
  of: Partial<GoogleSpec>,
  change: Partial<DeploymentView> = {},
  project: string | null = "demo",
) => {
  const deployment = deploymentForTest({ targetKind: "gke", endpoint: at, ...change });
  const spec = { ...deployment.spec, google: { ...google, ...of } };
  return renderToStaticMarkup(<GoogleFacts deployment={{ ...deployment, spec }} project={project} />);
};

describe("what it has at Google", () => {
  it("leads to its cluster in Google's console", () => {
    const name = mainName("dep-0123456789ab");
    const link = clusterConsoleLink({ project: "demo", location: "us-central1-a", name });
    expect(link).toContain(`/details/us-central1-a/${name}/details?project=demo`);
    expect(shown({})).toContain(`href="${link}"`);
    expect(shown({}, {}, null)).not.toContain("href=");
    expect(shown({}, { endpoint: null })).not.toContain("href=");
  });

  it("says which DNS record is needed as soon as there is an address", () => {
    const domain = "model.example.com";
    expect(shown({ domain })).toContain("model.example.com. A 192.0.2.7");
    expect(shown({ domain }, { endpoint: null })).toContain("once the address is reserved");
    expect(shown({})).not.toContain("DNS");
  });

  it("says what DNS and Google say now, of this domain alone", () => {
    const domain = "model.example.com";
    const seen: DomainState = {
      domain,
      wanted: "192.0.2.7",
      found: ["198.51.100.1"],
      certificate: "FAILED_NOT_VISIBLE",
      answers: false,
      checkedAt: "2026-01-02T03:04:05.000Z",
    };
    const pending = shown({ domain }, { domain: seen });
    expect(pending).toContain("198.51.100.1, and should say 192.0.2.7 alone");
    expect(pending).toContain("not in use yet: Google doesn’t find the DNS record yet");
    const earlier = shown({ domain }, { domain: { ...seen, domain: "old.example.com" } });
    expect(earlier).not.toContain("198.51.100.1");
    expect(earlier).toContain("once the DNS record leads here");
  });
});

describe("what was seen of a domain", () => {
  const wanted = "192.0.2.7";
  it.each<[string, string[] | null]>([
    ["it couldn’t be asked", null],
    ["nothing", []],
    ["192.0.2.7, as it should", [wanted]],
    ["192.0.2.7, 2001:db8::1, and should say 192.0.2.7 alone", [wanted, "2001:db8::1"]],
  ])("DNS: %s", (words, found) => expect(dnsWords({ found, wanted })).toBe(words));

  it.each<[string, Pick<DomainState, "answers" | "certificate">]>([
    ["in use; Google renews it", { answers: true, certificate: "ACTIVE" }],
    ["not in use yet: Google is about to make it", { answers: false, certificate: "PROVISIONING" }],
    ["not in use yet: Google doesn’t say", { answers: false, certificate: null }],
    ["not in use yet: SOMETHING_NEW", { answers: false, certificate: "SOMETHING_NEW" }],
  ])("certificate: %s", (words, seen) => expect(certificateWords(seen)).toBe(words));
});

describe("nodesWords", () => {
  const gpu = { type: "nvidia-tesla-t4", count: 2 };
  const zones = ["us-central1-a", "us-central1-b"];
  it.each<[string, Partial<GoogleSpec>]>([
    ["3 × n1-standard-1", {}],
    [
      "1 to 4 × n1-standard-1, spot",
      { cluster: { ...ownClusterOfSpec, minNodes: 1, maxNodes: 4, spot: true } },
    ],
    ["3 × n1-standard-1, each with 2 × nvidia-tesla-t4", { cluster: { ...ownClusterOfSpec, gpu } }],
    ["3 × n1-standard-1, over us-central1-a, us-central1-b", { zones }],
    ["the cluster’s own", { cluster: existingClusterForTest }],
  ])("%s", (words, change) => expect(nodesWords({ ...google, ...change })).toBe(words));
});
