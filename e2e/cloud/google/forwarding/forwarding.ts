import { createServer as createPlain, type Server } from "node:http";
import { createServer as createSecure, type ServerOptions } from "node:https";
import { Endpoints } from "#e2e/cloud/google/forwarding/choose-endpoint.ts";
import { serveRequest, type Frontend } from "#e2e/cloud/google/forwarding/serve-request.ts";
import { contextFor, type Issue } from "#e2e/cloud/google/forwarding/tls-context.ts";
import { relativeOf } from "#e2e/cloud/google/compute/references.ts";
import { stringAt } from "#e2e/cloud/google/json.ts";
import type { Model } from "#e2e/cloud/google/model.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

export type Forwarding = {
  /** Where a rule listens once it does: its own address, and its own port or the one that `listenPort` gave. */
  addressOf(rule: string): { host: string; port: number } | null;
  close(): Promise<void>;
};

export type Delays = { first: number; last: number };

export type ForwardingOptions = {
  /** How long until the first and the last of Google's edges knows of a change, in milliseconds; by project. */
  delays?: Delays | ((project: string) => Delays);
  /** The port to listen on for a rule's; the same at first, which only root may with 80 and 443. 0 is any. */
  listenPort?: (port: number) => number;
  /** Where an endpoint of a group really is; at its own address at first. */
  resolve?: (endpoint: { ipAddress: string; port: number }) => { host: string; port: number };
  /** Makes what a managed certificate that is ACTIVE presents. */
  issue?: Issue;
  random?: () => number;
};

/**
 * Listens on the address of every global forwarding rule as it comes, routes by its URL map, and stops with it.
 * The addresses must be loopback ones, which `surroundings.nextAddress` hands out.
 */
export function startForwarding(model: Model, options: ForwardingOptions = {}): Forwarding {
  const open = new Map<string, Server>();
  let closed = false;
  const endpoints = new Endpoints(model);
  const frontend = (rule: Stored): Frontend => ({
    model,
    rule,
    endpoints,
    delays:
      typeof options.delays === "function"
        ? options.delays(rule.key.split("/")[2] ?? "")
        : (options.delays ?? { first: 0, last: 0 }),
    resolve: options.resolve ?? (({ ipAddress, port }) => ({ host: ipAddress, port })),
    random: options.random ?? Math.random,
  });
  const sync = () => {
    if (closed) return;
    const rules = model.store.all().filter(({ key }) => key.includes("/global/forwardingRules/"));
    for (const rule of rules) {
      if (!open.has(rule.key)) open.set(rule.key, listen(frontend(rule), options));
    }
    for (const [key, server] of open) {
      if (model.store.get(key)) continue;
      open.delete(key);
      void stop(server);
    }
  };
  model.store.watch(sync);
  sync();
  return {
    addressOf(rule) {
      const found = [...open].find(([key]) => key.endsWith(`/${rule}`))?.[1].address();
      return found && typeof found === "object" ? { host: found.address, port: found.port } : null;
    },
    async close() {
      closed = true;
      await Promise.all([...open.values()].map((server) => stop(server)));
      open.clear();
    },
  };
}

function listen(frontend: Frontend, options: ForwardingOptions): Server {
  const { model, rule } = frontend;
  const target = relativeOf(model, "", stringAt(rule.body, "target")) ?? "";
  const secure = target.includes("/targetHttpsProxies/");
  const scheme = secure ? "https" : "http";
  const answer: Parameters<typeof createPlain>[1] = (request, response) =>
    void serveRequest(frontend, scheme, request, response).catch(() => response.destroy());
  const SNICallback: ServerOptions["SNICallback"] = (name, done) => {
    contextFor(model, `compute/${target}`, name, options.issue).then((context) => done(null, context), done);
  };
  const server = secure ? createSecure({ SNICallback }, answer) : createPlain(answer);
  const port = Number.parseInt(stringAt(rule.body, "portRange"), 10);
  // A taken port or a foreign address: whoever calls finds nobody there, as with a rule that isn't programmed.
  server.on("error", () => {});
  server.listen(options.listenPort?.(port) ?? port, stringAt(rule.body, "IPAddress"));
  return server;
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((stopped) => server.close(() => stopped()));
}
