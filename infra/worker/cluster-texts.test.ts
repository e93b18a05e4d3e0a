import { expect, test } from "vitest";
import { clusterTexts } from "#infra/worker/cluster-texts.ts";
import { secretMask } from "#lib/operations/mask-secrets.ts";
import { testAuthority } from "#lib/targets/kubernetes/authority-for-test.ts";
import { kubeconfigText } from "#lib/targets/kubernetes/kubeconfig-for-test.ts";

test("what the engine says of a cluster that it can't reach names neither its address nor what opens it", async () => {
  const ca = (await testAuthority()).certificate;
  const kubeconfig = kubeconfigText({
    server: "https://203.0.113.7:6443",
    ca,
    user: { token: "token-canary" },
  });
  const mask = secretMask(clusterTexts(kubeconfig));
  const said =
    'Get "https://203.0.113.7:6443/api": dial tcp 203.0.113.7:6443: connection refused, Bearer token-canary';
  expect(mask(said)).not.toMatch(/203\.0\.113\.7|token-canary/);
  const certificate = "x509: certificate is valid for 10.96.0.1, not 203.0.113.7";
  expect(mask(certificate)).not.toContain("203.0.113.7");
});

test("one that can't be used has none", () => {
  expect(clusterTexts("kind: Config")).toEqual([]);
});
