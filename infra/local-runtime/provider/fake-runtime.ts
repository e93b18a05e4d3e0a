import http from "node:http";
import { rm } from "node:fs/promises";
import type { Inventory, RuntimeFailure, RuntimeHealth } from "#infra/local-runtime/protocol.ts";

export type FakeCall = { method: string; path: string; fence: number; body: unknown; hungUp: boolean };

/** Stands in for the local runtime in tests: keeps what it was told, and waits or fails as a test asks. */
export type FakeRuntime = {
  socketPath: string;
  calls: FakeCall[];
  /** paths of what exists now */
  things: Map<string, unknown>;
  /** how it answers a PUT or DELETE whose path contains the key; `"wait"` until the test lets it go on */
  behave: Map<string, RuntimeFailure | "wait">;
  /** lets everything that waits go on */
  release(): void;
  /** resolves when a call whose path contains `part` has begun */
  sawCall(part: string): Promise<FakeCall>;
  leftovers: Inventory;
  /** what it says of its load balancer */
  haproxy: RuntimeHealth["haproxy"];
  close(): Promise<void>;
};

export async function fakeRuntime(options: {
  socketPath: string;
  endpoint?: { url: string; ip: string; port: number; access: "private" | "open" };
}): Promise<FakeRuntime> {
  const waiting = new Set<() => void>();
  const watchers = new Set<() => void>();
  const runtime: FakeRuntime = {
    socketPath: options.socketPath,
    calls: [],
    things: new Map(),
    behave: new Map(),
    release: () => {
      for (const go of waiting) go();
      waiting.clear();
    },
    sawCall: (part) =>
      new Promise((resolve) => {
        const look = () => {
          const call = runtime.calls.find((c) => c.path.includes(part));
          if (!call) return;
          watchers.delete(look);
          resolve(call);
        };
        watchers.add(look);
        look();
      }),
    leftovers: { processes: [], ports: [], files: [] },
    haproxy: { available: true, version: "2.8", reason: null },
    close: async () => {
      runtime.release();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(options.socketPath, { force: true });
    },
  };
  const fences = new Map<string, number>();

  const answer = (response: http.ServerResponse, status: number, body: unknown) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };

  const handle = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const { method = "", url: path = "" } = request;
    if (path === "/health") {
      return answer(response, 200, { ok: true, pid: process.pid, haproxy: runtime.haproxy });
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const fence = Number(request.headers["sluice-fence"]);
    const call: FakeCall = { method, path, fence, body: text ? JSON.parse(text) : null, hungUp: false };
    runtime.calls.push(call);
    for (const look of [...watchers]) look();
    const deployment = path.split("/")[2] ?? "";
    if (fence < (fences.get(deployment) ?? 0)) {
      return answer(response, 409, {
        code: "stale_fence",
        message: "A newer attempt took over.",
        logLines: [],
      });
    }
    fences.set(deployment, fence);
    const [, behaviour] = [...runtime.behave].find(([part]) => `${method} ${path}`.includes(part)) ?? [];
    if (behaviour === "wait") {
      // It begins at once and takes its time, as a slow start of replicas does.
      if (method === "PUT") runtime.things.set(path, call.body);
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
        response.on("close", () => {
          if (!response.writableEnded) call.hungUp = true;
          resolve();
        });
      });
    } else if (behaviour) {
      return answer(response, 422, behaviour);
    }
    if (method === "PUT") {
      runtime.things.set(path, call.body);
      return answer(response, 200, path.endsWith("/endpoint") ? (options.endpoint ?? {}) : {});
    }
    const isSweep = path.split("/").length === 3;
    if (method === "DELETE") {
      for (const thing of [...runtime.things.keys()]) {
        if (thing === path || (isSweep && thing.startsWith(`${path}/`))) runtime.things.delete(thing);
      }
    }
    if (isSweep) return answer(response, 200, runtime.leftovers);
    response.writeHead(204).end();
  };

  const server = http.createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(options.socketPath, resolve));
  return runtime;
}
