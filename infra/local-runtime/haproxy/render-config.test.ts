import { expect, test } from "vitest";
import type { BalancedDeployment, BalancerModel } from "#infra/local-runtime/haproxy/model.ts";
import { renderConfig } from "#infra/local-runtime/haproxy/render-config.ts";

const server = (ordinal: number) => ({ ordinal, socket: `/run/sluice/${ordinal}.s`, maxConnections: 2 });

/** Everything that an HTTP endpoint can be asked for. */
const model: BalancerModel = {
  bind: "127.0.0.1",
  adminSocket: "/run/sluice/it's a.sock",
  logFd: 3,
  hardStopAfter: 600,
  deployments: [
    {
      id: "dep-aaaaaaaaaaaa",
      layer: 7,
      endpoint: { port: 21_000, access: "private", certificate: null, redirectFrom: null },
      keyMap: "/home/sluice/dep-a.keys",
      routes: {
        rules: [
          {
            variant: "b",
            pathPrefix: "/v2",
            method: "POST",
            header: { name: "x-tier", value: `it's "gold"` },
          },
          { variant: "a", cookie: { name: "beta", value: "yes" }, query: { name: "it's", value: "a b" } },
        ],
        weights: [
          { variant: "a", weight: 70 },
          { variant: "b", weight: 30 },
        ],
        affinity: { by: "cookie" },
      },
      pools: [
        {
          variant: "a",
          algorithm: "least-connections",
          affinity: { by: "cookie" },
          healthPath: "/healthz",
          servers: [server(1), server(2)],
        },
        {
          variant: "b",
          algorithm: "random",
          affinity: { by: "cookie" },
          healthPath: "/ready?x=1",
          servers: [],
        },
      ],
    },
    {
      id: "dep-bbbbbbbbbbbb",
      layer: 7,
      endpoint: { port: 21_001, access: "open", certificate: null, redirectFrom: null },
      keyMap: "/home/sluice/dep-b.keys",
      routes: {
        rules: [],
        weights: [
          { variant: "a", weight: 1 },
          { variant: "b", weight: 0 },
        ],
        affinity: { by: "header", header: "x-user" },
      },
      pools: [
        {
          variant: "a",
          algorithm: "round-robin",
          affinity: { by: "header", header: "x-user" },
          healthPath: "/healthz",
          servers: [server(1)],
        },
        {
          variant: "b",
          algorithm: "round-robin",
          affinity: { by: "ip" },
          healthPath: "/healthz",
          servers: [],
        },
      ],
    },
    {
      id: "dep-cccccccccccc",
      layer: 7,
      endpoint: null,
      keyMap: "/home/sluice/dep-c.keys",
      routes: null,
      pools: [],
    },
  ],
};

test("an HTTP endpoint's configuration, word by word", async () => {
  await expect(renderConfig(model)).toMatchFileSnapshot("render-config.golden.cfg");
});

test("layer 4 after all HTTP endpoints, HTTPS, and its redirect, word by word", async () => {
  const [first, second, third] = model.deployments as [
    BalancedDeployment,
    BalancedDeployment,
    BalancedDeployment,
  ];
  const secure = {
    port: 21_000,
    access: "open" as const,
    certificate: "/home/it's.pem",
    redirectFrom: 21_080,
  };
  const deployments = [{ ...second, layer: 4 as const }, { ...first, endpoint: secure }, third];
  await expect(renderConfig({ ...model, bind: "::1", deployments })).toMatchFileSnapshot(
    "render-config.layers.golden.cfg",
  );
});
