import { describe, expect, it } from "vitest";
import { loadBalancerSentence, loadBalancerTitle } from "#components/deployments/load-balancer-words.ts";

type Asked = Parameters<typeof loadBalancerSentence>[0];

const gatewayAlone: Asked = {
  target: "kubernetes",
  routing: { layer: 7, rules: [], algorithm: "round-robin", affinity: { by: "none" } },
  endpoint: { access: "open", gatewayClass: "traefik", serviceType: null },
};
const nodePort = { gatewayClass: null, serviceType: "NodePort" } as const;
const privateAsked: Asked = { ...gatewayAlone, endpoint: { ...gatewayAlone.endpoint, access: "private" } };
const byService: Asked = { ...gatewayAlone, endpoint: { ...gatewayAlone.endpoint, ...nodePort } };

describe("which load balancer it is", () => {
  it.each<[string, string, Asked]>([
    ["Gateway traefik", "The Gateway does it all, with no proxy between.", gatewayAlone],
    [
      "Gateway traefik, HAProxy",
      "Gateway traefik, then HAProxy in the namespace for what a Gateway lacks: keys.",
      privateAsked,
    ],
    ["HAProxy", "HAProxy in the namespace, behind a node port.", byService],
    [
      "HAProxy",
      "HAProxy in the namespace, behind a Service of type LoadBalancer.",
      { ...byService, endpoint: { ...byService.endpoint, serviceType: "LoadBalancer" } },
    ],
    [
      "Service",
      "A plain Service, by a node port: layer 4, with no proxy between.",
      { ...byService, routing: { ...byService.routing, layer: 4 } },
    ],
    ["HAProxy", "HAProxy on this machine.", { ...byService, target: "local" }],
    [
      "HAProxy",
      "HAProxy on this machine, which passes connections on.",
      { ...byService, target: "local", routing: { ...byService.routing, layer: 4 } },
    ],
  ])("%s: %s", (title, sentence, asked) => {
    expect(loadBalancerTitle(asked)).toBe(title);
    expect(loadBalancerSentence(asked)).toBe(sentence);
  });
});
