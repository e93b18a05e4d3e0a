import { describe, expect, test } from "vitest";
import { deploymentForTest, gkeForms } from "#lib/targets/gke/forms-for-test.ts";
import { allOf, before, find, planOf } from "#lib/targets/gke/plan-for-test.ts";
import { planGke } from "#lib/targets/gke/plan.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

describe("a backend service", () => {
  const backendOf = (name: string, of = "variant-main") => find(planOf(name), gkeTypes.backendService, of);

  test("comes after the firewall, its health check, its pods and the Service of their addresses", () => {
    const plan = planOf("two variants with rules");
    const needed = before(plan, find(plan, gkeTypes.backendService, "variant-canary"));
    for (const key of [
      `${gkeTypes.firewall}::firewall`,
      `${gkeTypes.healthCheck}::variant-canary`,
      `${kubernetesTypes.service}::backend-canary`,
      `${kubernetesTypes.deployment}::model-canary`,
    ])
      expect(needed).toContain(key);
    expect(needed).not.toContain(`${kubernetesTypes.deployment}::model-main`);
  });

  test("takes long streams, spreads by rate, and logs as many requests as was chosen", () => {
    expect(backendOf("two variants with rules").inputs).toMatchObject({
      loadBalancingScheme: "EXTERNAL_MANAGED",
      protocol: "HTTP",
      timeoutSec: 600,
      backends: [{ balancingMode: "RATE", maxRatePerEndpoint: 100, capacityScaler: 1 }],
      healthChecks: "projects/demo-proj/global/healthChecks/sluice-dep-0123456789ab-variant-main",
      logConfig: { enable: true, sampleRate: 1 },
    });
    expect(backendOf("no request log", "proxy").inputs.logConfig).toEqual({ enable: false });
  });

  test.each([
    ["open to all, so Google routes", "NONE", "LEAST_REQUEST"],
    ["two variants with rules", "NONE", "RANDOM"],
    ["affinity by cookie", "GENERATED_COOKIE", "MAGLEV"],
    ["affinity by address", "CLIENT_IP", "MAGLEV"],
  ])("picks a pod: %s", (name, sessionAffinity, localityLbPolicy) => {
    expect(backendOf(name).inputs).toMatchObject({ sessionAffinity, localityLbPolicy });
  });

  test("sees a model by its own path at the port that serves, HAProxy at the port of its state", () => {
    const checkOf = (form: string, name: string) =>
      find(planOf(form), gkeTypes.healthCheck, name).inputs.httpHealthCheck;
    expect(checkOf("two variants with rules", "variant-canary")).toEqual({
      portSpecification: "USE_SERVING_PORT",
      requestPath: "/ready",
    });
    expect(checkOf("keys, so HAProxy routes", "proxy")).toEqual({
      portSpecification: "USE_FIXED_PORT",
      port: 8404,
      requestPath: "/healthz",
    });
  });
});

describe("the endpoint", () => {
  const rulesOf = (plan: PlannedResource[]) =>
    allOf(plan, gkeTypes.forwardingRule).map(({ inputs }) => [inputs.portRange, inputs.target]);

  test("is port 80 of the reserved address", () => {
    const plan = planOf("keys, so HAProxy routes");
    expect(rulesOf(plan)).toEqual([
      ["80", "projects/demo-proj/global/targetHttpProxies/sluice-dep-0123456789ab-http"],
    ]);
    expect(find(plan, gkeTypes.forwardingRule).inputs).toMatchObject({
      ipAddress: "projects/demo-proj/global/addresses/sluice-dep-0123456789ab",
      loadBalancingScheme: "EXTERNAL_MANAGED",
    });
    expect(plan[0]!.type).toBe(gkeTypes.globalAddress);
  });

  test.each(["a given certificate", "a self-signed certificate", "a domain"])(
    "is port 443 too, and 80 redirects: %s",
    (name) => {
      const plan = planOf(name);
      expect(rulesOf(plan)).toEqual([
        ["80", "projects/demo-proj/global/targetHttpProxies/sluice-dep-0123456789ab-http"],
        ["443", "projects/demo-proj/global/targetHttpsProxies/sluice-dep-0123456789ab-https"],
      ]);
      const maps = [gkeTypes.httpProxy, gkeTypes.httpsProxy].map((type) => find(plan, type).inputs.urlMap);
      expect(maps).toEqual([
        "projects/demo-proj/global/urlMaps/sluice-dep-0123456789ab-redirect",
        "projects/demo-proj/global/urlMaps/sluice-dep-0123456789ab",
      ]);
      expect(find(plan, gkeTypes.urlMap, "redirect").inputs.defaultUrlRedirect).toMatchObject({
        httpsRedirect: true,
        redirectResponseCode: "PERMANENT_REDIRECT",
      });
    },
  );

  test("of another domain has both certificates, under their own names, until the old one is no longer said", () => {
    const namesIn = (plan: PlannedResource[]) =>
      allOf(plan, gkeTypes.managedCertificate).map(({ name, inputs }) => [name, inputs.name, inputs.managed]);
    const [old] = namesIn(planOf("a domain"));
    const both = namesIn(planOf("another domain"));
    expect(both[1]).toEqual(old);
    expect(both[0]![2]).toEqual({ domains: ["new.example.com"] });
    expect(find(planOf("another domain"), gkeTypes.httpsProxy).inputs.sslCertificates).toEqual(
      both.map(([, name]) => `projects/demo-proj/global/sslCertificates/${String(name)}`),
    );
  });

  test("with another certificate or key has another name for it", () => {
    const { spec, settings } = gkeForms["a given certificate"]!;
    const named = (change: object) =>
      find(
        planGke(
          deploymentForTest,
          {
            ...spec,
            endpoint: {
              ...spec.endpoint,
              tls: { ...spec.endpoint.tls, ...change } as typeof spec.endpoint.tls,
            },
          },
          settings,
        ),
        gkeTypes.certificate,
      ).inputs.name;
    expect(new Set([named({}), named({ keyId: "sec-z" }), named({ certificate: "other" })]).size).toBe(3);
  });

  test("gives static files from a bucket of their own that all may read, before what routes", () => {
    const plan = planOf("static content beside open variants");
    const bucket = find(plan, gkeTypes.bucket).inputs;
    expect(bucket).toMatchObject({ labels: { "sluice-content": "0f0f0f0f" }, forceDestroy: true });
    expect(find(plan, gkeTypes.bucketReader).inputs).toEqual({
      bucket: bucket.name,
      role: "roles/storage.objectViewer",
      member: "allUsers",
    });
    expect(find(plan, gkeTypes.backendBucket).inputs.bucketName).toBe(bucket.name);
    const { pathMatchers } = find(plan, gkeTypes.urlMap).inputs as {
      pathMatchers: { routeRules: object[] }[];
    };
    expect(pathMatchers[0]!.routeRules[0]).toMatchObject({
      priority: 1,
      service: "projects/demo-proj/global/backendBuckets/sluice-dep-0123456789ab",
    });
  });

  test("of layer 4 is a Service on a reserved address of the region, and nothing of layer 7", () => {
    const plan = planOf("layer 4");
    expect(find(plan, gkeTypes.address).inputs).toMatchObject({
      region: "us-central1",
      addressType: "EXTERNAL",
    });
    const service = plan.at(-1)!;
    expect(service.inputs).toMatchObject({
      metadata: {
        annotations: {
          "cloud.google.com/l4-rbs": "enabled",
          "networking.gke.io/load-balancer-ip-addresses": "sluice-dep-0123456789ab",
        },
      },
      spec: { type: "LoadBalancer", externalTrafficPolicy: "Local" },
    });
    expect(service.dependsOn).toContain(`${gkeTypes.address}::address`);
    expect(
      find(planOf("layer 4 by address, existing cluster"), kubernetesTypes.service, "endpoint").inputs.spec,
    ).toMatchObject({ sessionAffinity: "ClientIP" });
  });
});
