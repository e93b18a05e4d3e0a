import { expect, test } from "vitest";
import { proxyFiles } from "#infra/targets/kubernetes/proxy-files.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";
import type { KubernetesSettings } from "#lib/targets/kubernetes/settings.ts";

const configOf = (name: string, change: Partial<KubernetesSettings>) => {
  const { spec, settings } = forms[name]!;
  return proxyFiles("dep-0123456789ab", spec, { ...settings, ...change })["haproxy.cfg"]!;
};

test("HTTP's callers are sent to the usual port of HTTPS, or aren't listened to where it has another", () => {
  const byAddress = configOf("HTTPS by HAProxy", { serviceType: "LoadBalancer" });
  expect(byAddress).toContain("redirect code 308 location https://%[var(txn.host)]%[pathq]");
  const byNode = configOf("HTTPS by HAProxy", { serviceType: "NodePort" });
  expect(byNode).not.toContain("redirect");
  expect(byNode).not.toMatch(/bind .*:8080/);
});

test("HAProxy listens on all addresses that the pod has", () => {
  const binds = configOf("HTTPS by HAProxy", { serviceType: "LoadBalancer" }).match(/^ {2}bind .*$/gm);
  expect(binds).toEqual([
    '  bind "${LISTEN}:8404" v4v6',
    '  bind "${LISTEN}:8080" v4v6',
    expect.stringMatching(/^ {2}bind "\$\{LISTEN\}:8443" v4v6 ssl crt .* alpn http\/1\.1$/) as string,
  ]);
});
