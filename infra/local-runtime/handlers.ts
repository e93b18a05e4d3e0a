import type * as z from "zod";
import {
  deleteEndpoint,
  deleteModelServer,
  deletePool,
  deleteRoutes,
  putEndpoint,
  putModelServer,
  putPool,
  putRoutes,
  sweep,
  type Caller,
} from "#infra/local-runtime/commands.ts";
import {
  endpointCommand,
  modelServerCommand,
  poolCommand,
  routesCommand,
  type RuntimeHealth,
} from "#infra/local-runtime/protocol.ts";
import type { Runtime } from "#infra/local-runtime/runtime.ts";

type Handler = {
  method: "GET" | "PUT" | "DELETE";
  path: string;
  /** it changes something: it must carry a fence that isn't older than the newest */
  fenced: boolean;
  body?: z.ZodType;
  run(runtime: Runtime, caller: Caller, variant: string, body: unknown): Promise<unknown>;
};

function put<Body>(
  path: string,
  body: z.ZodType<Body>,
  run: (runtime: Runtime, caller: Caller, variant: string, body: Body) => Promise<unknown>,
): Handler {
  // `body` has parsed what is handed on.
  return {
    method: "PUT",
    path,
    fenced: true,
    body,
    run: (r, c, variant, parsed) => run(r, c, variant, parsed as Body),
  };
}

function del(
  path: string,
  run: (runtime: Runtime, caller: Caller, variant: string) => Promise<unknown>,
): Handler {
  return { method: "DELETE", path, fenced: true, run };
}

function get(path: string, run: (runtime: Runtime, caller: Caller) => Promise<unknown>): Handler {
  return { method: "GET", path, fenced: false, run };
}

/** What is served, as protocol.ts says it. */
export const handlers: readonly Handler[] = [
  get("/health", health),
  put("/deployments/:id/endpoint", endpointCommand, (r, c, _, body) => putEndpoint(r, c, body)),
  put("/deployments/:id/model-servers/:variant", modelServerCommand, putModelServer),
  put("/deployments/:id/pools/:variant", poolCommand, putPool),
  put("/deployments/:id/routes", routesCommand, (r, c, _, body) => putRoutes(r, c, body)),
  del("/deployments/:id/endpoint", deleteEndpoint),
  del("/deployments/:id/model-servers/:variant", deleteModelServer),
  del("/deployments/:id/pools/:variant", deletePool),
  del("/deployments/:id/routes", deleteRoutes),
  del("/deployments/:id", sweep),
  get("/deployments/:id", (runtime, { id }) => runtime.inventory(id)),
];

function health(runtime: Runtime): Promise<RuntimeHealth> {
  return Promise.resolve({ ok: true, pid: process.pid, haproxy: runtime.balancer.status });
}
