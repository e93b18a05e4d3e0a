import { createServer, type Server } from "node:http";
import { hostname } from "node:os";
import { handle, type Handling } from "./handle.ts";
import { addressFrom, listen } from "./listen.ts";
import { log } from "./log.ts";
import type { Predict } from "./predict.ts";

export type ModelServer = {
  /** the model's name, for the log */
  model: string;
  accepts: Handling["accepts"];
  /** Loads the model; the server is healthy once this has resolved. */
  load: () => Promise<Predict>;
};

/**
 * Longer than any load balancer keeps an idle connection (Google's: 600 s), so that it is never this side that
 * closes one just as a request goes out on it.
 */
const keepAliveMs = 620_000;

/**
 * Runs a model server until SIGTERM or SIGINT: `GET /healthz`, `POST /predict`. It listens at once and says 503
 * until the model is loaded. On the signal it stops accepting, finishes what it is working on, removes its socket
 * and exits with 0. If it can't listen or the model can't be loaded, it says why and exits with 1.
 */
export async function serve({ model, accepts, load }: ModelServer): Promise<void> {
  const started = performance.now();
  // A pod's host name is the pod's own.
  const replica = process.env.SLUICE_REPLICA ?? hostname();
  let predict: Predict | null = null;
  let stopping = false;

  const server = createServer((request, response) => {
    response.setHeader("x-sluice-replica", replica);
    if (stopping) response.setHeader("connection", "close");
    response.once("close", () => stopping && server.closeIdleConnections());
    void handle({ accepts, predict: () => predict }, request, response);
  });
  server.keepAliveTimeout = keepAliveMs;

  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log("info", "stopping", { model, replica, signal });
    server.close(() => {
      log("info", "stopped", { model, replica });
      process.exit(0);
    });
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  try {
    const address = addressFrom(process.env);
    await listen(server, address);
    log("info", "listening", { model, replica, ...bound(server) });
    predict = await load();
    log("info", "ready", { model, replica, loadMs: Math.round(performance.now() - started) });
  } catch (error) {
    log("error", "cannot start", { model, replica, reason: String(error) });
    process.exit(1);
  }
}

function bound(server: Server): object {
  const address = server.address();
  return typeof address === "string" ? { socket: address } : { host: address?.address, port: address?.port };
}
