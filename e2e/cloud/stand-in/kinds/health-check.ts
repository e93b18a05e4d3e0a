import { computeKind } from "#e2e/cloud/stand-in/compute-kind.ts";

const blocks = {
  httpHealthCheck: "HTTP",
  httpsHealthCheck: "HTTPS",
  http2HealthCheck: "HTTP2",
  tcpHealthCheck: "TCP",
  sslHealthCheck: "SSL",
  grpcHealthCheck: "GRPC",
} as const;

export const healthCheck = computeKind({
  title: "HealthCheck",
  collection: "healthChecks",
  fields: {
    checkIntervalSec: { standard: 5 },
    timeoutSec: { standard: 5 },
    healthyThreshold: { standard: 2 },
    unhealthyThreshold: { standard: 2 },
    httpHealthCheck: { write: withProxyHeader },
    httpsHealthCheck: { write: withProxyHeader },
    http2HealthCheck: { write: withProxyHeader },
    tcpHealthCheck: { write: withProxyHeader },
    sslHealthCheck: { write: withProxyHeader },
    grpcHealthCheck: {},
    logConfig: { computed: true },
  },
  immovable: [],
  more: (_cloud, inputs) => {
    const found = Object.entries(blocks).find(([name]) => inputs[name] !== undefined);
    return found ? { type: found[1] } : {};
  },
  verb: "PUT",
  outputs: ({ type }) => ({ type }),
});

function withProxyHeader(value: unknown): unknown {
  return { proxyHeader: "NONE", ...(value as object) };
}
