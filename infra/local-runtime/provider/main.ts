import { main } from "@pulumi/pulumi/provider/index.js";
import { localProvider } from "#infra/local-runtime/provider/provider.ts";
import { runtimeClient } from "#infra/local-runtime/provider/runtime-client.ts";

// The engine starts this with the address of its own service and waits for a port on the first line of output.
// Fence and socket aren't inputs of resources: they'd be changes.
const { SLUICE_FENCE, SLUICE_RUNTIME_SOCKET } = process.env;
if (!SLUICE_FENCE || !SLUICE_RUNTIME_SOCKET) {
  throw new Error(
    "SLUICE_FENCE and SLUICE_RUNTIME_SOCKET must be set: this plugin is started by the engine.",
  );
}

// The engine's death would otherwise go unnoticed for minutes, and a wait with it.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(1);
}, 500).unref();

const runtime = runtimeClient({ socketPath: SLUICE_RUNTIME_SOCKET, fence: Number(SLUICE_FENCE) });
await main(localProvider(runtime), process.argv.slice(2));
