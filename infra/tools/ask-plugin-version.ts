import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { createInterface } from "node:readline";
import type * as EmptyModule from "google-protobuf/google/protobuf/empty_pb.js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";

/** A plugin starts within a second or two, on a busy machine too within this, in milliseconds. */
const patienceMs = 20_000;

/**
 * Asks one of the engine's plugins for its own version as the engine does: started without an engine's address it serves
 * on its own, and says its port on the first line. Not every plugin knows a `-version`.
 *
 * @returns null if it doesn't say
 * @throws the signal's reason
 */
export async function askPluginVersion(
  program: string,
  { searchPath, signal }: { searchPath: string; signal: AbortSignal },
): Promise<string | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const child = spawn(program, [], {
    // The last is for what stands in for a plugin in tests.
    env: { PATH: searchPath, HOME: homedir(), SLUICE_NODE: process.execPath } as unknown as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "ignore"],
    detached: true, // a group of its own, to be ended as one
  });
  try {
    const lines = createInterface(child.stdout);
    const failed = once(child, "error").then(([error]) => Promise.reject(error as Error));
    const ended = once(lines, "close", { signal: limit }).then(() => [""]);
    const said = Promise.race([once(lines, "line", { signal: limit }), ended, failed]);
    const [line] = (await said) as [string];
    const version = /^\d+$/.test(line) ? await ask(Number(line), limit) : "";
    return /^v?(\d+\.\d+\.\d+\S*)$/.exec(version)?.[1] ?? null;
  } catch {
    signal.throwIfAborted();
    return null;
  } finally {
    if (child.pid) endGroup(child.pid);
  }
}

async function ask(port: number, signal: AbortSignal): Promise<string> {
  const grpc = await import("@grpc/grpc-js");
  const { ResourceProviderClient } = await import("@pulumi/pulumi/proto/provider_grpc_pb.js");
  // The SDK's own copy of the message, which its client tells from any other.
  const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
  const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb.js") as typeof EmptyModule;
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    "grpc.enable_http_proxy": 0,
  });
  try {
    const info = await new Promise<PluginInfo>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      client.getPluginInfo(new Empty(), (error, answer) => (error ? reject(error) : resolve(answer)));
    });
    return info.getVersion();
  } finally {
    client.close();
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // it ended by itself
  }
}
