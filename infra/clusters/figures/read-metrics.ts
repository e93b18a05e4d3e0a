import http from "node:http";
import { text } from "node:stream/consumers";
import { readNames } from "#infra/haproxy/names.ts";
import type { Access } from "#infra/kubernetes/connect-options.ts";
import { portForward } from "#infra/kubernetes/port-forward.ts";
import { proxyPlaces } from "#lib/targets/kubernetes/settings.ts";

/** One that is well answers in a few milliseconds, and the others' figures wait for it. */
const boundMs = 3_000;

/** What HAProxy works on for a variant now: `queued` of those `inFlight` wait for a replica. */
export type Load = { inFlight: number; queued: number };

/** Asks the exporter of one HAProxy pod. @returns the load by variant */
export async function readMetrics(
  access: Access,
  pod: { namespace: string; name: string },
  signal: AbortSignal,
): Promise<Map<string, Load>> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(boundMs)]);
  const place = { namespace: pod.namespace, pod: pod.name, port: proxyPlaces.status };
  const stream = await portForward(access, place, bounded);
  try {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const path = `${proxyPlaces.metricsPath}?scope=backend&scope=server`;
      http
        .request({ createConnection: () => stream, host: "localhost", path, signal: bounded })
        .once("response", resolve)
        .once("error", reject)
        .end();
    });
    const answer = await text(response);
    if (response.statusCode !== 200) throw new Error(`HAProxy's exporter answered ${response.statusCode}.`);
    return parseMetrics(answer);
  } finally {
    stream.destroy();
  }
}

/** As the local target counts it: what servers work on, and what waits for one of them or for any. */
export function parseMetrics(exposition: string): Map<string, Load> {
  const loads = new Map<string, Load>();
  const lines = exposition.matchAll(
    /^haproxy_(server_current_sessions|server_current_queue|backend_current_queue)\{([^}]*)\} (\d+)/gm,
  );
  for (const [, name, labels = "", figure] of lines) {
    const backend = /proxy="([^"]*)"/.exec(labels)?.[1] ?? "";
    const { variant } = readNames(backend, "");
    if (variant === "") continue;
    const load = loads.get(variant) ?? { inFlight: 0, queued: 0 };
    load.inFlight += Number(figure);
    if (name !== "server_current_sessions") load.queued += Number(figure);
    loads.set(variant, load);
  }
  return loads;
}
