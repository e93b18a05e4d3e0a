import { addressKind } from "#e2e/cloud/google/compute/address.ts";
import { checkBackendService } from "#e2e/cloud/google/compute/check-backend-service.ts";
import { checkFirewall, checkHealthCheck, checkSubnetwork } from "#e2e/cloud/google/compute/check-network.ts";
import { checkUrlMap } from "#e2e/cloud/google/compute/check-url-map.ts";
import { forwardingRuleKind } from "#e2e/cloud/google/compute/forwarding-rule.ts";
import { relativeOf, selfLink } from "#e2e/cloud/google/compute/references.ts";
import { schemesOf, servicesOf, urlMapOf } from "#e2e/cloud/google/compute/services-of.ts";
import { sslCertificateKind } from "#e2e/cloud/google/compute/ssl-certificate.ts";
import { invalidValue } from "#e2e/cloud/google/google-error.ts";
import { stringAt, stringsAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Model } from "#e2e/cloud/google/model.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

/** An object that is about to be kept; its references are full URLs. */
export type Draft = {
  model: Model;
  project: string;
  key: string;
  body: JsonObject;
  before: JsonObject | null;
};

/** What differs between the kinds of objects, beyond being kept, listed and deleted. */
export type Kind = {
  /** What the model knows to do with it besides get and list. */
  verbs: string[];
  /** Values that Google puts where a request says nothing. */
  defaults?: JsonObject;
  /** Fields that no patch or update may change. */
  fixed?: string[];
  /** Rules that the documents hold in words. @returns what Google fills in; @throws GoogleError */
  check?: (draft: Draft) => { fill?: JsonObject; refs?: string[] } | void;
  /** What an answer has beside what is kept. */
  show?: (model: Model, stored: Stored) => JsonObject;
  /** Methods that change one field: the field's name in request and object. */
  setters?: Record<string, string>;
  /** Fields that are taken and never shown. */
  hidden?: string[];
};

const written = ["insert", "delete"];
const changed = [...written, "patch"];
const replaced = [...changed, "update"];

/** By collection, whatever the scope. What isn't here is refused with 501. */
export const kinds: Record<string, Kind> = {
  addresses: addressKind,
  forwardingRules: forwardingRuleKind,
  sslCertificates: sslCertificateKind,
  networks: {
    verbs: changed,
    defaults: { routingConfig: { routingMode: "REGIONAL" }, mtu: 1460 },
    fixed: ["autoCreateSubnetworks"],
    show: (model, stored) => ({
      subnetworks: subnetworksOf(model, stored.key).map((each) => selfLink(model, each.key)),
    }),
  },
  subnetworks: {
    verbs: changed,
    defaults: { purpose: "PRIVATE", stackType: "IPV4_ONLY", privateIpGoogleAccess: false },
    fixed: ["network", "ipCidrRange"],
    setters: { setPrivateIpGoogleAccess: "privateIpGoogleAccess" },
    check({ model, project, key, body }) {
      const path = relativeOf(model, project, stringAt(body, "network"));
      const others = subnetworksOf(model, `compute/${path}`).filter((each) => each.key !== key);
      checkSubnetwork(
        body,
        others.map((each) => each.body),
      );
      const gateway = stringAt(body, "ipCidrRange").replace(/\d+\/\d+$/, (end) =>
        String(Number.parseInt(end) + 1),
      );
      return { fill: { gatewayAddress: gateway } };
    },
  },
  firewalls: {
    verbs: replaced,
    defaults: { direction: "INGRESS", priority: 1000, disabled: false },
    fixed: ["direction"],
    check: ({ body }) => checkFirewall(body),
  },
  healthChecks: {
    verbs: replaced,
    defaults: { checkIntervalSec: 5, timeoutSec: 5, healthyThreshold: 2, unhealthyThreshold: 2 },
    check: ({ body }) => checkHealthCheck(body),
  },
  backendServices: {
    verbs: replaced,
    defaults: {
      loadBalancingScheme: "EXTERNAL",
      port: 80,
      portName: "http",
      protocol: "HTTP",
      sessionAffinity: "NONE",
      affinityCookieTtlSec: 0,
      timeoutSec: 30,
      connectionDraining: { drainingTimeoutSec: 0 },
      enableCDN: false,
    },
    fixed: ["loadBalancingScheme"],
    check: ({ key, body }) => checkBackendService(body, { regional: key.includes("/regions/") }),
  },
  backendBuckets: {
    verbs: replaced,
    defaults: { enableCdn: false },
    check({ body }) {
      if (stringAt(body, "bucketName") === "") throw invalidValue("resource.bucketName", "", "Required.");
    },
  },
  urlMaps: {
    verbs: replaced,
    check({ model, key, body }) {
      const schemes = schemesOf(model, servicesOf(model, body));
      if (schemes.length > 1) {
        throw invalidValue(
          "resource",
          stringAt(body, "name"),
          `All backend services must have the same loadBalancingScheme, not ${schemes.join(" and ")}.`,
        );
      }
      checkUrlMap(body, {
        global: key.includes("/global/"),
        internal: schemes[0]?.startsWith("INTERNAL") ?? false,
      });
    },
  },
  targetHttpProxies: {
    verbs: changed,
    setters: { setUrlMap: "urlMap" },
    check: ({ body }) => requireField(body, "urlMap"),
  },
  targetHttpsProxies: {
    verbs: changed,
    defaults: { quicOverride: "NONE" },
    setters: {
      setUrlMap: "urlMap",
      setSslCertificates: "sslCertificates",
      setQuicOverride: "quicOverride",
    },
    check({ model, body }) {
      requireField(body, "urlMap");
      refuseHttpsRedirect(urlMapOf(model, body)?.body, stringAt(body, "urlMap"));
      const count = stringsAt(body, "sslCertificates").length;
      if (count < 1 || count > 15) {
        throw invalidValue(
          "resource.sslCertificates",
          count,
          "At least one and at most 15 SSL certificates are needed.",
        );
      }
    },
  },
  networkEndpointGroups: {
    verbs: written,
    defaults: { networkEndpointType: "GCE_VM_IP_PORT" },
    check({ body }) {
      const type = stringAt(body, "networkEndpointType");
      if (type.startsWith("GCE_VM_IP")) requireField(body, "network");
    },
    show: (_model, stored) => ({ size: endpointsOf(stored).length }),
  },
  routes: { verbs: written },
  targetPools: { verbs: written },
  httpHealthChecks: { verbs: written },
  instanceGroups: { verbs: written },
  // GKE makes and removes these; nothing here starts a machine by itself.
  instances: { verbs: ["delete"] },
  disks: { verbs: ["delete"] },
  instanceGroupManagers: { verbs: ["delete"] },
  instanceTemplates: { verbs: ["delete"] },
};

export type Endpoint = {
  ipAddress: string;
  port: number;
  instance?: string;
  annotations?: Record<string, string>;
};

/** Endpoints of a group, which its own answer only counts. */
export const endpointsOf = (stored: Stored): Endpoint[] =>
  (stored.body["x-endpoints"] ?? []) as unknown as Endpoint[];

const subnetworksOf = (model: Model, network: string): Stored[] =>
  model.store.all().filter(({ key, refs }) => key.includes("/subnetworks/") && refs.includes(network));

/** Google: httpsRedirect must only be set for URL maps used in target HTTP proxies. */
function refuseHttpsRedirect(map: JsonObject | undefined, url: string): void {
  if (!JSON.stringify(map ?? {}).includes('"httpsRedirect":true')) return;
  throw invalidValue(
    "resource.urlMap",
    url,
    "A URL map with httpsRedirect isn't permitted for a target HTTPS proxy.",
  );
}

function requireField(body: JsonObject, field: string): void {
  if (stringAt(body, field) === "") throw invalidValue(`resource.${field}`, "", "Required.");
}
