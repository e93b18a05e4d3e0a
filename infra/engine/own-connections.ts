import * as settings from "@pulumi/pulumi/runtime/settings.js";

/**
 * Gives each run of the engine connections of its own. The gRPC library shares them by address within a process, and
 * the SDK closes none of an inline program. One that was asked for something after its engine had gone stays in
 * failure, trying again for up to half an hour. Should the next run's engine listen at that port, its calls would fail
 * at once with what the old connection knew ("14 UNAVAILABLE: No connection established"); and as the SDK takes such an
 * error for one that the engine has told of, the program would end as one that wants nothing, and the update succeed.
 *
 * @throws Error if this SDK keeps its options elsewhere
 */
export function useOwnConnections(): void {
  // Not in its types: SDK and CLI are pinned to one release (cli.ts).
  const { grpcClientOptions: options } = settings as { grpcClientOptions?: Record<string, unknown> };
  if (!options) throw new Error("This release of @pulumi/pulumi keeps its gRPC options elsewhere.");
  options["grpc.use_local_subchannel_pool"] = 1;
}
