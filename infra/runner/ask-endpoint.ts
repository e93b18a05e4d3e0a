import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { EngineError } from "#infra/engine/driver.ts";
import { sendToEndpoint, type EndpointRequest } from "#lib/deployments/send-to-endpoint.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import { findPreset, type Preset } from "#lib/models/catalogue.ts";
import { exampleBody } from "#lib/models/example-body.ts";

/** How long an endpoint may refuse to talk before that is a failure, in milliseconds. */
const usualPatienceMs = 15_000;
const pauseMs = 150;
const answerWithinMs = 30_000;

/** Of a load balancer that has no replica yet. */
const noReplicaYet = [503];
/** Besides, of a Gateway whose controller hasn't taken up the route, or the pods behind it. */
const noRouteYet = [404, 500, 502, 503];
/** Of Google's load balancer, where what was made isn't known everywhere yet. */
const notEverywhereYet = [404, 502, 503];

type Asked = {
  what: string;
  endpoint: EndpointView;
  request: Omit<EndpointRequest, "signal">;
  /** statuses that may be others in a moment */
  passing?: number[];
  /** unless told, any of 200 to 299 */
  isGood?: (response: IncomingMessage) => boolean;
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
 * Where Google gets the certificate of a domain it may come much later, or never: then the answer is that HTTP sends its
 * callers to HTTPS.
 *
 * @param options.patienceMs how long an endpoint may refuse to talk
 * @param options.steadyMs for how long its health must be good each time: one good answer is only one place's
 * @param options.clearPort where it speaks HTTP beside HTTPS
 * @throws EngineError `endpoint_failed` with what came instead, or `cancelled`
 */
export async function firstAnswer(
  endpoint: EndpointView,
  spec: Spec,
  key: string | null,
  signal: AbortSignal,
  {
    patienceMs = usualPatienceMs,
    steadyMs = 0,
    clearPort = 80,
  }: { patienceMs?: number; steadyMs?: number; clearPort?: number } = {},
): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  const healthPath = spec.variants[0]?.healthPath ?? "/";
  const passing = passingOf(spec);
  const asked = { ...healthRequest(endpoint, key, healthPath), passing };
  if (isAtDomain(endpoint)) {
    const redirect = await ask({ ...redirectRequest(endpoint, clearPort), passing }, giveUpAt, signal);
    if (!redirect.ok) throw noGoodAnswer(redirect);
    const atOnce = await askOnce(asked, signal);
    refuseIfCancelled(signal);
    if (!atOnce.isAnswer) return;
  }
  const health = await ask(asked, giveUpAt, signal, steadyMs);
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

function passingOf({ target, endpoint }: Spec): number[] {
  if (target === "gke") return notEverywhereYet;
  return endpoint.gatewayClass === null ? noReplicaYet : noRouteYet;
}

/** Whether its certificate is got and renewed by Google: it isn't there at first. */
export function isAtDomain({ url, certificate }: EndpointView): boolean {
  return !certificate && new URL(url).protocol === "https:";
}

/** @param port where it speaks HTTP */
function redirectRequest(endpoint: EndpointView, port: number): Asked {
  const { hostname } = new URL(endpoint.url);
  return {
    what: `GET http://${hostname}/ at ${endpoint.ip}`,
    endpoint: { ...endpoint, url: `http://${hostname}`, port },
    request: { method: "GET", path: "/", headers: {} },
    isGood: ({ headers }) => headers.location?.startsWith(`https://${hostname}`) ?? false,
  };
}

/** One look at whether an endpoint still serves. */
export async function stillAnswers(
  endpoint: EndpointView,
  healthPath: string,
  key: string | null,
  { withinMs = 3_000, clearPort = 80 }: { withinMs?: number; clearPort?: number } = {},
): Promise<boolean> {
  const { request } = healthRequest(endpoint, key, healthPath);
  try {
    const response = await sendToEndpoint(endpoint, { ...request, signal: AbortSignal.timeout(withinMs) });
    response.destroy();
    return isOk(response);
  } catch {
    if (!isAtDomain(endpoint)) return false;
    return (await askOnce(redirectRequest(endpoint, clearPort), AbortSignal.timeout(withinMs))).ok;
  }
}

type Answer = { what: string; ok: boolean; said: string };

/** Asks again where nothing was answered (no connection, or a status that passes), and while it may be a lucky answer. */
async function ask(asked: Asked, giveUpAt: number, signal: AbortSignal, steadyMs = 0): Promise<Answer> {
  let goodSince: number | null = null;
  for (;;) {
    const askedAt = performance.now();
    const answer = await askOnce(asked, signal);
    refuseIfCancelled(signal);
    if (answer.ok) {
      goodSince ??= askedAt;
      if (askedAt - goodSince >= steadyMs) return answer;
    } else {
      goodSince = null;
      if (!answer.mayComeYet || performance.now() > giveUpAt) return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** What a signal broke off looks like no answer. */
function refuseIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new EngineError("cancelled", "It was cancelled.");
}

type OneAnswer = Answer & {
  mayComeYet: boolean;
  /** there was an answer, whatever it says */
  isAnswer: boolean;
};

async function askOnce(asked: Asked, signal: AbortSignal): Promise<OneAnswer> {
  const { what, endpoint, request, passing = noReplicaYet, isGood = isOk } = asked;
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
    const response = await sendToEndpoint(endpoint, { ...request, signal: within });
    const answer = await text(response);
    const said = `${response.statusCode} ${answer.slice(0, 300)}`.trim();
    return {
      what,
      ok: isGood(response),
      said,
      isAnswer: true,
      mayComeYet: passing.includes(response.statusCode ?? 0),
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const said = cause instanceof Error ? cause.message : String(cause);
    // One that took its time and then said nothing won't be faster when asked again.
    const timedOut = cause instanceof Error && cause.name === "TimeoutError";
    return { what, ok: false, said, isAnswer: false, mayComeYet: !timedOut };
  }
}

function isOk({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function noGoodAnswer({ what, said }: Answer): EngineError {
  const message = `All is made, but the endpoint gave no good answer to ${what}: ${said || "nothing"}. See the replicas' logs, then retry.`;
  return new EngineError("endpoint_failed", message);
}
