/** What the test cluster is made of. The Go modules among them are pinned once more in go/go.mod. */
export const versions = {
  kubernetes: "1.36.3",
  metricsServer: "0.9.0",
  kwok: "0.8.0",
  coredns: "1.15.0",
  gatewayApi: "1.6.3",
  /** from the wheel in requirements-traefik.txt */
  traefik: "3.7.15",
  /** what go/go.mod asks for */
  oldestGo: "1.26.4",
} as const;
