import { describe, expect, test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import { named } from "#e2e/cluster/portal/in-trouble.ts";
import { formOf, placeOf } from "#e2e/cluster/portal/routed.ts";
import { checkRouting } from "#lib/routing/check-routing.ts";
import { routingSets, type RoutingSet } from "#lib/routing/routing-cases.ts";
import { googleLacks } from "#lib/routing/url-map.ts";

const isRoutable = ({ weights }: RoutingSet) => Object.values(weights).some((weight) => weight > 0);

describe.skipIf(!hasCloud)("the table of cases holds in a Google project", () => {
  test.concurrent.each(routingSets.filter(isRoutable))("$name", async (set) => {
    await using on = await OnGoogle.open();
    const { access, rules, algorithm, affinity, weights } = set;
    const form = formOf(set, on.place.own!.echoImages[0]);
    const deployment = await on.deploy(form);
    const lacks = googleLacks({
      endpoint: { access },
      routing: { rules, algorithm, affinity },
      variants: Object.values(weights).map((weight) => ({ weight })),
    });
    // What Google's load balancer can't do alone is HAProxy's.
    expect(await on.pods(deployment, "proxy")).toHaveLength(lacks.length > 0 ? 2 : 0);
    expect(await checkRouting(set, placeOf(on, deployment))).toEqual([]);
    if (set.secure) await on.staysAsItIs(deployment, { variants: form.variants });
  });

  test.each(routingSets.filter((set) => !isRoutable(set)))("refused, as everywhere: $name", async (set) => {
    await using on = await OnGoogle.open();
    const form = on.formOf(formOf(set, on.place.own!.echoImages[0]));
    const answer = await on.api.send("POST", "/deployments", named(on, form));
    expect(answer).toMatchObject({ status: 422 });
    expect(JSON.stringify(answer.body)).toContain("At least one variant needs a weight above 0.");
  });
});
