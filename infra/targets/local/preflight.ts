import { EngineError } from "#infra/engine/driver.ts";
import type { RuntimeHealth } from "#infra/local-runtime/protocol.ts";
import { RuntimeError, type RuntimeClient } from "#infra/local-runtime/provider/runtime-client.ts";

/**
 * Looks whether the local target can do anything at all, before the engine is started.
 *
 * @throws EngineError `target_unreachable` or `load_balancer_missing`
 */
export async function localPreflight(runtime: RuntimeClient, signal: AbortSignal): Promise<void> {
  const health = await localHealth(runtime, signal);
  if (health.haproxy.available) return;
  const why = health.haproxy.reason ?? "it wasn't found";
  throw new EngineError("load_balancer_missing", `There is no HAProxy to serve with: ${why}`);
}

/** @throws EngineError `target_unreachable` */
export async function localHealth(runtime: RuntimeClient, signal?: AbortSignal): Promise<RuntimeHealth> {
  try {
    return (await runtime.send("GET", "/health", undefined, signal)) as RuntimeHealth;
  } catch (error) {
    if (error instanceof RuntimeError)
      throw new EngineError(error.failure.code, error.message, error.failure.logLines);
    throw error;
  }
}
