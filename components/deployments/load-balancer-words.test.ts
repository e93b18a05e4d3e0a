import { describe, expect, it } from "vitest";
import { loadBalancerSentence, loadBalancerTitle } from "#components/deployments/load-balancer-words.ts";

type Asked = Parameters<typeof loadBalancerSentence>[0];

const gatewayAlone: Asked = {
  target: "kubernetes",
  routing: { layer: 7, rules: [], algorithm: "round-robin", affinity: { by: "none" } },
  endpoint: { access: "open", gatewayClass: "traefik", serviceType: null },
  variants: [{ weight: 100 }],
};
const nodePort = { gatewayClass: null, serviceType: "NodePort" } as const;
const privateAsked: Asked = { ...gatewayAlone, endpoint: { ...gatewayAlone.endpoint, access: "private" } };
const google: Asked = {
  ...gatewayAlone,
  target: "gke",
  endpoint: { access: "open", gatewayClass: null, serviceType: null },
};
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
    [
      "Google’s load balancer",
      "Google’s load balancer routes by itself, with a backend service for each variant and no proxy between.",
      google,
    ],
    [
      "Google’s load balancer, HAProxy",
      "Google’s load balancer hands all to HAProxy in the namespace, which routes: Google’s has no keys, no affinity by header.",
      {
        ...google,
        endpoint: { ...google.endpoint, access: "private" },
        routing: { ...google.routing, affinity: { by: "header", header: "x-me" } },
      },
    ],
    [
      "Google’s network, Service",
      "A Service on an address of the region: layer 4, Google’s network brings connections to the pods with no proxy between.",
      { ...google, routing: { ...google.routing, layer: 4 } },
    ],
  ])("%s: %s", (title, sentence, asked) => {
    expect(loadBalancerTitle(asked)).toBe(title);
    expect(loadBalancerSentence(asked)).toBe(sentence);
  });
});
