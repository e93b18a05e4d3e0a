import type { Inventory } from "#infra/local-runtime/protocol.ts";
import { runtimeClient } from "#infra/local-runtime/provider/runtime-client.ts";
import type { Receipt } from "#lib/deployments/view.ts";

/** What of a deployment is still there, by what the local runtime finds. @throws RuntimeError */
export async function localRemaining(
  target: { runtimeSocket: string },
  deploymentId: string,
  fence: number,
): Promise<Receipt["remaining"]> {
  const runtime = runtimeClient({ socketPath: target.runtimeSocket, fence });
  const inventory = (await runtime.send("GET", `/deployments/${deploymentId}`)) as Inventory;
  return [
    ...inventory.processes.map(({ pid, what }) => ({ kind: "process" as const, what: `${pid} (${what})` })),
    ...inventory.ports.map(({ port, what }) => ({ kind: "port" as const, what: `${port} (${what})` })),
    ...inventory.files.map((what) => ({ kind: "file" as const, what })),
  ];
}
