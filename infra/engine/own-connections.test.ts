import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import { SupportsFeatureRequest, SupportsFeatureResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import { getMonitor, resetOptions } from "@pulumi/pulumi/runtime/settings.js";
import { afterEach, expect, test } from "vitest";
import { useOwnConnections } from "#infra/engine/own-connections.ts";

let engine: Server;
const clients: { close(): void }[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  engine.forceShutdown();
});

/** Listens as the engine does for a program. @param port 0 for any. @returns the port */
function listen(port: number): Promise<number> {
  engine = new Server();
  engine.addService(ResourceMonitorService, {
    supportsFeature: (_call: unknown, answer: (error: null, can: SupportsFeatureResponse) => void) =>
      answer(null, new SupportsFeatureResponse()),
  });
  return new Promise((resolve, reject) => {
    engine.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
}

/** What the SDK does first in a run: it asks what the engine can. */
function beginRun(port: number): () => Promise<void> {
  resetOptions("sluice", "dep", 1, "", `127.0.0.1:${port}`, false, "");
  const monitor = getMonitor()!;
  clients.push(monitor as unknown as { close(): void });
  return () =>
    new Promise((resolve, reject) => {
      monitor.supportsFeature(new SupportsFeatureRequest(), (error) => (error ? reject(error) : resolve()));
    });
}

test("a run's engine answers at a port where that of an earlier run went", async () => {
  useOwnConnections();
  const port = await listen(0);
  const earlier = beginRun(port);
  await earlier();
  engine.forceShutdown();
  await expect(earlier()).rejects.toThrow("UNAVAILABLE");
  await listen(port);
  await beginRun(port)();
});
