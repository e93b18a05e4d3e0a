import { text } from "node:stream/consumers";
import { EngineError } from "#infra/engine/driver.ts";
import { sendToEndpoint, type EndpointRequest } from "#lib/deployments/send-to-endpoint.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import { findPreset, type Preset } from "#lib/models/catalogue.ts";
import { exampleBody } from "#lib/models/example-body.ts";

/** How long an endpoint may refuse to talk before that is a failure, in milliseconds. */
const patienceMs = 15_000;
const pauseMs = 150;
const answerWithinMs = 30_000;

/** Of a load balancer that has no replica yet. */
const noReplicaYet = [503];
/** Besides, of a Gateway whose controller hasn't taken up the route, or the pods behind it. */
const noRouteYet = [404, 500, 502, 503];

type Asked = {
  what: string;
  endpoint: EndpointView;
  request: Omit<EndpointRequest, "signal">;
  /** statuses that may be others in a moment */
  passing?: number[];
};

function healthRequest(endpoint: EndpointView, key: string | null, healthPath: string): Asked {
  return {
    what: `GET ${healthPath}`,
    endpoint,
    request: { method: "GET", path: sentPath(healthPath), headers: authorization(endpoint, key) },
  };
}

/** An open endpoint may pass on whatever it gets: the portal's key is no business of a replica's. */
function authorization({ access }: EndpointView, key: string | null): Record<string, string> {
  return access === "private" && key !== null ? { authorization: `Bearer ${key}` } : {};
}

async function exampleRequest(endpoint: EndpointView, key: string | null, preset: Preset): Promise<Asked> {
  const { example } = preset;
  const body = Buffer.from(await exampleBody(preset));
  const headers = {
    "content-type": example.contentType,
    "content-length": body.length,
    ...authorization(endpoint, key),
  };
  return {
    what: `${example.method} ${example.path}`,
    endpoint,
    request: { method: example.method, path: sentPath(example.path), headers, body },
  };
}

/** As a URL's parser writes it: what may not stand in a request line is escaped. */
function sentPath(path: string): string {
  const { pathname, search } = new URL(path, "http://endpoint");
  return `${pathname}${search}`;
}

/**
 * Asks as a person would, through the public endpoint with a key: its health, then a model's own example. A
 * deployment of several models answers with whichever its rules and weights choose, so there the example of
 * any of them will do.
 *
 * @throws EngineError `endpoint_failed` with what came instead, or `cancelled`
 */
export async function firstAnswer(
  endpoint: EndpointView,
  spec: Spec,
  key: string | null,
  signal: AbortSignal,
): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  const healthPath = spec.variants[0]?.healthPath ?? "/";
  const passing = spec.endpoint.gatewayClass === null ? noReplicaYet : noRouteYet;
  const health = await ask({ ...healthRequest(endpoint, key, healthPath), passing }, giveUpAt, signal);
  if (!health.ok) throw noGoodAnswer(health);
  const presets = new Set(
    spec.variants.map(({ model }) => ("preset" in model ? findPreset(model.preset) : undefined)),
  );
  let last: Answer | null = null;
  for (const preset of presets) {
    if (!preset) continue;
    last = await ask({ ...(await exampleRequest(endpoint, key, preset)), passing }, giveUpAt, signal);
    if (last.ok) return;
  }
  if (last) throw noGoodAnswer(last);
}

/** One look at whether an endpoint still serves. */
export async function stillAnswers(
  endpoint: EndpointView,
  healthPath: string,
  key: string | null,
  withinMs = 3_000,
): Promise<boolean> {
  const { request } = healthRequest(endpoint, key, healthPath);
  try {
    const response = await sendToEndpoint(endpoint, { ...request, signal: AbortSignal.timeout(withinMs) });
    response.destroy();
    return isOk(response.statusCode);
  } catch {
    return false;
  }
}

type Answer = { what: string; ok: boolean; said: string };

/** Asks again only where nothing was answered: no connection, or a status that passes. */
async function ask(asked: Asked, giveUpAt: number, signal: AbortSignal): Promise<Answer> {
  for (;;) {
    const answer = await askOnce(asked, signal);
    if (signal.aborted) throw new EngineError("cancelled", "It was cancelled.");
    if (!answer.mayComeYet || performance.now() > giveUpAt) return answer;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function askOnce(asked: Asked, signal: AbortSignal): Promise<Answer & { mayComeYet: boolean }> {
  const { what, endpoint, request, passing = noReplicaYet } = asked;
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
    const response = await sendToEndpoint(endpoint, { ...request, signal: within });
    const answer = await text(response);
    const said = `${response.statusCode} ${answer.slice(0, 300)}`.trim();
    return {
      what,
      ok: isOk(response.statusCode),
      said,
      mayComeYet: passing.includes(response.statusCode ?? 0),
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const said = cause instanceof Error ? cause.message : String(cause);
    // One that took its time and then said nothing won't be faster when asked again.
    const timedOut = cause instanceof Error && cause.name === "TimeoutError";
    return { what, ok: false, said, mayComeYet: !timedOut };
  }
}

function isOk(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

function noGoodAnswer({ what, said }: Answer): EngineError {
  const message = `All is made, but the endpoint gave no good answer to ${what}: ${said || "nothing"}. See the replicas' logs, then retry.`;
  return new EngineError("endpoint_failed", message);
}
