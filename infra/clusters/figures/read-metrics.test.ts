import { expect, it } from "vitest";
import { parseMetrics } from "#infra/clusters/figures/read-metrics.ts";

it("adds up what servers work on and what waits, by variant", () => {
  const exposition = `# HELP haproxy_backend_current_queue Number of current queued connections
# TYPE haproxy_backend_current_queue gauge
haproxy_backend_current_queue{proxy="dep-a.main"} 2
haproxy_backend_current_queue{proxy="dep-a.canary"} 0
haproxy_backend_current_sessions{proxy="dep-a.main"} 9
haproxy_server_current_queue{proxy="dep-a.main",server="r1"} 1
haproxy_server_current_sessions{proxy="dep-a.main",server="r1"} 3
haproxy_server_current_sessions{proxy="dep-a.main",server="r2"} 4
haproxy_server_current_sessions{proxy="dep-a.canary",server="r1"} 1
haproxy_backend_current_queue{proxy="status"} 7
`;
  expect(Object.fromEntries(parseMetrics(exposition))).toEqual({
    main: { inFlight: 10, queued: 3 },
    canary: { inFlight: 1, queued: 0 },
  });
});
