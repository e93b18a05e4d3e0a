import { describe, expect, inject, test } from "vitest";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { formOf, placeOf } from "#e2e/cluster/portal/routed.ts";
import { whatIsLeft } from "#e2e/cluster/portal/what-is-left.ts";
import { checkRouting } from "#lib/routing/check-routing.ts";
import { gatewayCan } from "#lib/routing/http-route.ts";
import { routingSets, type RoutingSet } from "#lib/routing/routing-cases.ts";
import { issuedChain } from "#lib/tls/issued-for-test.ts";

// Both need images that say who answered, and addresses, of the test cluster's own.
const own = inject("place")?.own;

// The portal refuses one whose weights are all 0, since nothing would take most requests.
const routable = routingSets.filter(({ weights }) => Object.values(weights).some((weight) => weight > 0));

describe.skipIf(!own)("the table of cases holds for HAProxy in the cluster", () => {
  test.concurrent.each(routable)("$name", async (set) => {
    await using on = new OnCluster();
    const { endpoint, ...form } = formOf(set, own!.echoImages[0]);
    // A port of the nodes isn't known before the Service is there, so nothing can be redirected to it.
    const serviceType = set.secure ? "LoadBalancer" : "NodePort";
    const deployment = await on.deploy({ ...form, endpoint: { ...endpoint, serviceType } });
    expect(await checkRouting(set, placeOf(on, deployment))).toEqual([]);
  });
});

const isByGateway = ({ access, rules, algorithm, affinity }: RoutingSet) =>
  gatewayCan({ endpoint: { access }, routing: { rules, algorithm, affinity } });
const byGateway = routable.filter(isByGateway);
const redirected = routable.find(({ secure }) => secure)!;
const behindGateway = [
  ...routable.filter((set) => !isByGateway(set)),
  {
    ...redirected,
    name: "HTTPS by a given certificate, and a key",
    access: "private" as const,
    exchanges: redirected.exchanges.map((exchange) => ({ ...exchange, key: "right" as const })),
  },
];

// All of them have the Gateway's one address, so one is there at a time.
describe.skipIf(!own)("the table of cases holds for a Gateway API controller", () => {
  test.each(byGateway)("by itself: $name", async (set) => {
    await using on = new OnCluster();
    const { endpoint, ...form } = formOf(set, own!.echoImages[0]);
    const deployment = await on.deploy({
      ...form,
      endpoint: { ...endpoint, gatewayClass: own!.gateway.className },
    });
    const place = { ...placeOf(on, deployment), isGateway: true, redirectStatus: 301 } as const;
    expect(await checkRouting(set, place)).toEqual([]);
    expect(await on.pods(deployment, "proxy")).toEqual([]);
  });

  test.each(behindGateway)("with HAProxy behind it: $name", async (set) => {
    await using on = new OnCluster();
    const { endpoint, ...form } = formOf(set, own!.echoImages[0]);
    const { address, className } = own!.gateway;
    const { own: certificate, key } = await issuedChain(address, { now: new Date() });
    const tls = set.secure && { tls: { mode: "given", certificate, key } };
    const deployment = await on.deploy({
      ...form,
      endpoint: { ...endpoint, ...tls, gatewayClass: className },
    });
    const place = { ...placeOf(on, deployment), redirectStatus: 301 } as const;
    expect(await checkRouting(set, place)).toEqual([]);
    expect(await on.pods(deployment, "proxy")).toHaveLength(2);
  });

  test("its deployment goes to layer 4, without a Gateway, and down to nothing", async () => {
    await using on = new OnCluster();
    const { endpoint, ...form } = formOf({ ...byGateway[0]!, weights: { a: 100 } }, own!.echoImages[0]);
    const open = { ...form, routing: { algorithm: "round-robin" } };
    const { className, address } = own!.gateway;
    const before = await on.deploy({ ...open, endpoint: { ...endpoint, gatewayClass: className } });
    expect(before.endpoint.url).toBe(`http://${address}`);
    const after = await on.change(before, {
      routing: { ...open.routing, layer: 4 },
      endpoint: { ...endpoint, gatewayClass: null },
    });
    expect(after.endpoint.url).not.toBe(before.endpoint.url);
    expect((await on.call(after)).status).toBe(200);
    expect(await on.destroy(after)).toMatchObject({ status: "destroyed", receipt: { remaining: [] } });
    expect(await whatIsLeft(on, after)).toEqual([]);
  });
});
