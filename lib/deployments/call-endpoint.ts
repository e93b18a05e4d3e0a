import type http from "node:http";
import type { Readable } from "node:stream";
import * as z from "zod";
import type { SealingContext } from "#lib/context.ts";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { parseServerTiming, type TimingPart } from "#lib/deployments/server-timing.ts";
import { pathRule } from "#lib/deployments/spec.ts";
import { sendToEndpoint } from "#lib/deployments/send-to-endpoint.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import { notFound, SluiceError } from "#lib/errors.ts";
import { invalid, parseInput } from "#lib/parse-input.ts";
import { unseal, UnsealError } from "#lib/secrets/seal.ts";
import { readChain } from "#lib/tls/read-certificate.ts";

const answerLimitBytes = 1024 * 1024;
const timeLimitMs = 120_000;

/** What is sent to a deployment's own endpoint: never an address, only what comes after it. */
export const callInput = z.strictObject({
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).default("POST"),
  path: pathRule.max(2048, "A path has at most 2048 characters."),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, "Not a header's name."),
      z
        .string()
        .max(4096)
        .regex(/^[\x20-\x7e]*$/, "Printable ASCII characters only."),
    )
    .default({}),
  contentType: z
    .string()
    .max(200)
    .regex(/^[\x20-\x7e]*$/, "Printable ASCII characters only.")
    .optional(),
  /** as text */
  body: z.string().optional(),
  /** as base64, for a file */
  bodyBase64: z.base64("This isn't base64.").optional(),
});

type Common = {
  status: number;
  headers: Record<string, string>;
  /** which replica answered */
  replica: string | null;
  requestId: string | null;
};

export type CallAnswer = Common & {
  body: { text: string } | { base64: string };
  /** only the first megabyte is here */
  truncated: boolean;
  /** milliseconds from sending to the last byte, as the portal saw it */
  totalMs: number;
  /** where the load balancer says the time went */
  timing: TimingPart[];
};

/** An endpoint that streams events is passed on as it comes. */
export type CallStream = Common & { stream: Readable };

/**
 * Calls a deployment's own endpoint for the test console, with the portal's own key. Redirects are shown, not
 * followed; it takes at most 120 s and keeps at most 1 MB.
 *
 * @throws SluiceError `not_found`, `invalid`, `conflict` where there is no endpoint, `unavailable` where it
 *   doesn't answer
 */
export async function callEndpoint(
  ctx: SealingContext,
  idOrName: string,
  input: unknown,
  signal?: AbortSignal,
): Promise<CallAnswer | CallStream> {
  const id = await findDeploymentId(ctx, idOrName);
  const call = parseInput(callInput, input);
  refuseOwnHeaders(call.headers);
  const { endpoint, key } = await openEndpoint(ctx, id);
  const startedAt = performance.now();
  const ended = AbortSignal.any([AbortSignal.timeout(timeLimitMs), ...(signal ? [signal] : [])]);
  try {
    const response = await send(endpoint, key, call, ended);
    const common = describe(response);
    if (/^text\/event-stream\b/.test(common.headers["content-type"] ?? ""))
      return { ...common, stream: response };
    const { bytes, truncated } = await readSome(response);
    return {
      ...common,
      body: asBody(bytes),
      truncated,
      totalMs: Math.round((performance.now() - startedAt) * 10) / 10,
      timing: parseServerTiming(common.headers["server-timing"] ?? ""),
    };
  } catch (cause) {
    throw silent(cause, ended);
  }
}

async function openEndpoint(
  ctx: SealingContext,
  id: string,
): Promise<{ endpoint: EndpointView; key: string | null }> {
  const row = await ctx.db.deployment.findUnique({ where: { id } });
  if (!row) throw notFound("deployment");
  const endpoint = row.endpoint as EndpointView | null;
  if (!endpoint) throw new SluiceError("conflict", "This deployment has no endpoint now.");
  refuseEnded(endpoint, ctx.clock.now());
  if (endpoint.access === "open" || !row.probeKey) return { endpoint, key: null };
  try {
    return { endpoint, key: unseal(ctx.sealingKey, id, row.probeKey) };
  } catch (error) {
    if (error instanceof UnsealError) throw new SluiceError("conflict", error.message, { cause: error });
    throw error;
  }
}

/** The portal itself would be answered; the console shows what a caller gets, and callers refuse it. */
function refuseEnded({ certificate }: EndpointView, now: Date): void {
  const [own] = readChain(certificate ?? "");
  if (!own || own.validToDate > now) return;
  const day = own.validToDate.toISOString().slice(0, 10);
  const message = `The endpoint's certificate ended on ${day}, so callers refuse it. Give it another one: Settings → Endpoint, HTTPS.`;
  throw new SluiceError("unavailable", message);
}

const ownHeaders =
  /^(authorization|host|connection|content-length|content-type|transfer-encoding|upgrade|expect|te|trailer|keep-alive|proxy-.*|x-forwarded-.*)$/i;

function refuseOwnHeaders(headers: Record<string, string>): void {
  const problems = Object.keys(headers)
    .filter((name) => ownHeaders.test(name))
    .map((name) => ({ field: `headers.${name}`, message: "The console sets this header itself." }));
  if (problems.length > 0) throw invalid(problems);
}

function send(
  endpoint: EndpointView,
  key: string | null,
  call: z.output<typeof callInput>,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  const body =
    call.bodyBase64 !== undefined ? Buffer.from(call.bodyBase64, "base64") : Buffer.from(call.body ?? "");
  const hasBody = body.length > 0 && call.method !== "GET" && call.method !== "HEAD";
  return sendToEndpoint(endpoint, {
    method: call.method,
    path: call.path,
    signal,
    headers: {
      accept: "*/*",
      ...call.headers,
      ...(hasBody ? { "content-length": body.length } : {}),
      ...(hasBody ? { "content-type": call.contentType ?? "application/json" } : {}),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(hasBody ? { body } : {}),
  });
}

function describe(response: http.IncomingMessage): Common {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  return {
    status: response.statusCode ?? 0,
    headers,
    replica: headers["x-sluice-replica"] ?? null,
    requestId: headers["x-request-id"] ?? null,
  };
}

async function readSome(response: http.IncomingMessage): Promise<{ bytes: Buffer; truncated: boolean }> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    // Leaving the loop closes the connection.
    if (size > answerLimitBytes)
      return { bytes: Buffer.concat(parts).subarray(0, answerLimitBytes), truncated: true };
  }
  return { bytes: Buffer.concat(parts), truncated: false };
}

function asBody(bytes: Buffer): CallAnswer["body"] {
  const text = new TextDecoder("utf-8").decode(bytes, { stream: true });
  return text.includes("\u0000") || text.includes("\ufffd") ? { base64: bytes.toString("base64") } : { text };
}

function silent(cause: unknown, ended: AbortSignal): SluiceError {
  if (ended.aborted && ended.reason instanceof DOMException && ended.reason.name === "TimeoutError") {
    return new SluiceError("unavailable", `The endpoint gave no whole answer in ${timeLimitMs / 1000} s.`, {
      cause,
    });
  }
  return new SluiceError(
    "unavailable",
    "The endpoint doesn't answer. The deployment's page says whether its replicas are ready.",
    { cause },
  );
}
