import { computeKind } from "#e2e/cloud/stand-in/compute-kind.ts";

const outputs = ({ id }: Record<string, unknown>) => ({ proxyId: Number(id) });

export const targetHttpProxy = computeKind({
  title: "TargetHttpProxy",
  collection: "targetHttpProxies",
  fields: { urlMap: {}, httpKeepAliveTimeoutSec: {}, proxyBind: { computed: true } },
  immovable: ["description", "httpKeepAliveTimeoutSec", "proxyBind"],
  setters: { urlMap: { method: "setUrlMap", isUnscoped: true } },
  outputs,
});

export const targetHttpsProxy = computeKind({
  title: "TargetHttpsProxy",
  collection: "targetHttpsProxies",
  fields: {
    urlMap: {},
    sslCertificates: {},
    quicOverride: { standard: "NONE" },
    httpKeepAliveTimeoutSec: {},
    proxyBind: { computed: true },
  },
  immovable: ["description", "httpKeepAliveTimeoutSec", "proxyBind"],
  more: () => ({ serverTlsPolicy: null }),
  setters: {
    urlMap: { method: "setUrlMap", isUnscoped: true },
    sslCertificates: { method: "setSslCertificates", isUnscoped: true },
    quicOverride: { method: "setQuicOverride" },
  },
  outputs,
});
