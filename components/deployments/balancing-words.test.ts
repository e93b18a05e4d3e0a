import { expect, it } from "vitest";
import { balancingWords } from "#components/deployments/balancing-words.ts";

type Asked = Parameters<typeof balancingWords>[0];
const here: Asked = {
  target: "local",
  routing: { layer: 7, rules: [], algorithm: "least-connections", affinity: { by: "none" } },
  endpoint: { access: "open", gatewayClass: null },
};
const routed = (change: Partial<Asked["routing"]>): Asked => ({
  ...here,
  routing: { ...here.routing, ...change },
});

it.each<[string, Asked]>([
  ["Least busy replica, no sticky sessions", here],
  [
    "Each in turn, the same for the same cookie",
    routed({ algorithm: "round-robin", affinity: { by: "cookie" } }),
  ],
  [
    "At random, the same for the same header x-me",
    routed({ algorithm: "random", affinity: { by: "header", header: "x-me" } }),
  ],
  [
    "Layer 4: least busy replica, the same for the same address",
    routed({ layer: 4, affinity: { by: "ip" } }),
  ],
  [
    "Layer 4: the cluster chooses a replica for each connection",
    { ...routed({ layer: 4, affinity: { by: "none" } }), target: "kubernetes" },
  ],
  [
    "Layer 4: the cluster chooses a replica, the same for the same address",
    { ...routed({ layer: 4, affinity: { by: "ip" } }), target: "kubernetes" },
  ],
  [
    "Layer 4: Google’s network chooses a replica for each connection",
    { ...routed({ layer: 4, affinity: { by: "none" } }), target: "gke" },
  ],
  [
    "Layer 4: Google’s network chooses a replica, the same for the same address",
    { ...routed({ layer: 4, affinity: { by: "ip" } }), target: "gke" },
  ],
])("%s", (words, asked) => expect(balancingWords(asked)).toBe(words));
