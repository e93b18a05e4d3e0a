import type * as z from "zod";
import { actorFromRequest, type Identified } from "#lib/auth/actor-from-request.ts";
import type { SealingContext } from "#lib/context.ts";
import { SluiceError } from "#lib/errors.ts";
import { isText, parseInput } from "#lib/parse-input.ts";
import { apiHeaders } from "#lib/web/api-headers.ts";
import { once, type Answer } from "#lib/web/idempotency.ts";
import { requireOwnOrigin } from "#lib/web/own-origin.ts";
import { contextFor, portal } from "#lib/web/portal.ts";
import { problemResponse } from "#lib/web/problem.ts";
import { parseJson, readBody } from "#lib/web/read-body.ts";
import { asSluiceError } from "#lib/web/unexpected.ts";

/** One method of one address: what it takes, which verb it calls, and what OpenAPI says of it. */
export type RouteDefinition<Q extends z.ZodType, B extends z.ZodType> = {
  summary: string;
  query?: Q;
  /** what the body may hold, for OpenAPI; the verb itself checks it, so that pages and API agree */
  body?: B;
  /** JSON without it; else the body reaches the verb as a Buffer, and has to be sent as this type */
  bodyType?: "application/zip";
  /** what the answer holds, for OpenAPI */
  answer?: z.ZodType;
  /** what an answer of `Accepted` holds, for OpenAPI */
  accepted?: z.ZodType;
  /** of a good answer; 200 without it */
  status?: 200 | 201 | 202;
  /** 256 KB without it */
  bodyLimitBytes?: number;
  /** answers as a stream of server-sent events */
  streams?: boolean;
  run(
    ctx: SealingContext,
    sent: { params: Record<string, string>; query: z.output<Q>; body: unknown; request: Request },
  ): Promise<unknown>;
};

/** What is asked for isn't done yet: the answer is 202, and what becomes of it is read at `location`. */
export class Accepted {
  readonly body: { location: string };

  constructor(location: string, body: object) {
    this.body = { ...body, location };
  }
}

export type AnyRouteDefinition = RouteDefinition<z.ZodType, z.ZodType>;
type NextContext = { params: Promise<Record<string, string | string[] | undefined> | undefined> };
export type RouteHandler = ((request: Request, next: NextContext) => Promise<Response>) & {
  definition: AnyRouteDefinition;
};

/**
 * Makes a route handler: who asks (an API key, or a session with an own Origin where it writes), what was sent,
 * one verb, JSON back. Every error is a problem of RFC 9457. A `Response` that the verb answers goes out as it is.
 */
export function defineRoute<Q extends z.ZodType, B extends z.ZodType>(
  definition: RouteDefinition<Q, B>,
): RouteHandler {
  const handler = async (request: Request, next: NextContext): Promise<Response> => {
    try {
      const identified = await identify(request);
      const ctx = contextFor(identified.actor);
      const writes = request.method !== "GET" && request.method !== "HEAD";
      if (definition.bodyType) requireType(request, definition.bodyType);
      const bytes = writes ? await readBody(request, definition.bodyLimitBytes) : Buffer.alloc(0);
      const work = async (ctx: SealingContext) => {
        const query = readQuery(definition.query, request);
        const params = await readParams(next);
        const body: unknown = definition.bodyType ? bytes : parseJson(bytes.toString("utf8"));
        return definition.run(ctx, { params, query, body, request });
      };
      const key = writes && !definition.streams ? request.headers.get("idempotency-key") : null;
      if (key === null || identified.actor.type !== "user")
        return toResponse(await work(ctx), definition.status);
      const { pathname, search } = new URL(request.url);
      const head = Buffer.from(`${request.method} ${pathname}${search}\n`);
      const what = Buffer.concat([head, bytes]);
      const answer = await once(ctx, identified.actor.id, key, what, async (noted) =>
        toAnswer(await work(noted), definition.status),
      );
      return json(answer, answer.replayed ? { "idempotency-replayed": "true" } : {});
    } catch (error) {
      return problemResponse(asSluiceError(error));
    }
  };
  return Object.assign(handler, { definition: definition as unknown as AnyRouteDefinition });
}

async function identify(request: Request): Promise<Identified> {
  const identified = await actorFromRequest(portal(), request.headers);
  if (!identified) {
    throw new SluiceError("unauthenticated", "Send an API key as `Authorization: Bearer KEY`, or sign in.");
  }
  const writes = request.method !== "GET" && request.method !== "HEAD";
  if (writes && identified.by === "session") requireOwnOrigin(portal().env, request.headers);
  return identified;
}

/** @throws SluiceError `malformed` */
function requireType(request: Request, type: string): void {
  const [given] = (request.headers.get("content-type") ?? "").split(";", 1);
  if (given?.trim().toLowerCase() === type) return;
  throw new SluiceError("malformed", `Send the body as it is, with the header \`Content-Type: ${type}\`.`);
}

function readQuery<Q extends z.ZodType>(schema: Q | undefined, request: Request): z.output<Q> {
  const given = Object.fromEntries(new URL(request.url).searchParams);
  return (schema ? parseInput(schema, given) : {}) as z.output<Q>;
}

async function readParams(next: NextContext): Promise<Record<string, string>> {
  const params = (await next.params) ?? {};
  if (!Object.values(params).every((value) => isText(String(value)))) {
    throw new SluiceError("not_found", "There is no such address.");
  }
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}

function toResponse(result: unknown, status = 200): Response {
  return result instanceof Response ? result : json(toAnswer(result, status));
}

function toAnswer(result: unknown, status = 200): Answer {
  return result instanceof Accepted ? { status: 202, body: result.body } : { status, body: result };
}

function json({ status, body }: Answer, headers: Record<string, string> = {}): Response {
  const location = status === 202 ? (body as { location?: string }).location : undefined;
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      ...apiHeaders,
      "content-type": "application/json",
      ...(location !== undefined && { location }),
      ...headers,
    },
  });
}
