import * as z from "zod";
import { problem } from "#lib/web/answer-schemas.ts";
import type { AnyRouteDefinition, RouteHandler } from "#lib/web/define-route.ts";

export const methods = ["GET", "POST", "PATCH", "DELETE"] as const;
type Method = (typeof methods)[number];

/** What a route file exports. */
export type RouteModule = Partial<Record<Method, RouteHandler | (() => Response)>>;
type JsonSchema = Record<string, unknown>;

/**
 * The OpenAPI 3.1 document of these routes, made from the schemas that check what is sent.
 *
 * @param routes by path under /api/v1, with parameters in braces: `/deployments/{idOrName}`
 */
export function buildOpenApi(routes: Record<string, RouteModule>, version: string): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "Sluice",
      version,
      description:
        "Serve AI models behind a load balancer. Errors are RFC 9457 problems with a stable `code`.",
    },
    servers: [{ url: "/api/v1" }],
    security: [{ apiKey: [] }],
    paths: Object.fromEntries(Object.entries(routes).map(([path, module]) => [path, pathItem(path, module)])),
    components: {
      securitySchemes: { apiKey: { type: "http", scheme: "bearer", description: "An API key, `slk_…`" } },
      schemas: { Problem: schemaOf(problem, "output") },
    },
  };
}

function pathItem(path: string, module: RouteModule): object {
  return Object.fromEntries(
    methods.flatMap((method) => {
      const handler = module[method];
      if (!handler || !("definition" in handler)) return [];
      return [[method.toLowerCase(), operation(path, method, handler.definition)]];
    }),
  );
}

function operation(path: string, method: Method, definition: AnyRouteDefinition): object {
  const status = String(definition.status ?? 200);
  return {
    operationId: operationId(path, method),
    summary: definition.summary,
    parameters: [
      ...pathParameters(path),
      ...queryParameters(definition),
      ...idempotencyKey(method, definition),
    ],
    ...(definition.bodyType && {
      requestBody: { required: true, content: { [definition.bodyType]: {} } },
    }),
    ...(definition.body
      ? { requestBody: { required: method === "POST", content: json(schemaOf(definition.body, "input")) } }
      : {}),
    responses: {
      [status]: {
        description: "Done",
        content: {
          ...(definition.answer ? json(schemaOf(definition.answer, "output")) : {}),
          ...(definition.streams ? { "text/event-stream": { schema: { type: "string" } } } : {}),
        },
      },
      ...(definition.accepted && {
        202: { description: "Asked for", content: json(schemaOf(definition.accepted, "output")) },
      }),
      default: {
        description: "What went wrong",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function operationId(path: string, method: Method): string {
  const words = path.split(/[^A-Za-z]+/).filter(Boolean);
  return [method.toLowerCase(), ...words].join("-");
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters(definition: AnyRouteDefinition): object[] {
  if (!definition.query) return [];
  const { properties = {} } = schemaOf(definition.query, "input") as {
    properties?: Record<string, JsonSchema>;
  };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", required: false, schema }));
}

function idempotencyKey(method: Method, definition: AnyRouteDefinition): object[] {
  if (method === "GET" || definition.streams) return [];
  return [
    {
      name: "Idempotency-Key",
      in: "header",
      required: false,
      description: "The same request with the same key is done once; its answer is kept for 24 hours.",
      schema: { type: "string", maxLength: 200 },
    },
  ];
}

function json(schema: JsonSchema): object {
  return { "application/json": { schema } };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    io,
    unrepresentable: "any",
  });
  return rest;
}
