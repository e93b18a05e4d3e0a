import { rmSync } from "node:fs";
import { choosePort, endpointUrl, refuseTakenRedirect } from "#infra/local-runtime/choose-port.ts";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import { listeningPorts } from "#infra/local-runtime/ports.ts";
import type { DeploymentState } from "#infra/local-runtime/desired-state.ts";
import { backendName, serverName } from "#infra/haproxy/names.ts";
import { serverKey } from "#infra/local-runtime/haproxy/stats.ts";
import { signalProcess, untilGone } from "#infra/local-runtime/process-table.ts";
import type {
  EndpointCommand,
  EndpointState,
  Inventory,
  ModelServerCommand,
  ModelServerState,
  PoolCommand,
  PoolState,
  RoutesCommand,
  RoutesState,
} from "#infra/local-runtime/protocol.ts";
import { hostOf } from "#lib/tls/host-of.ts";
import type { VariantSupervisor } from "#infra/local-runtime/replicas/variant-supervisor.ts";
import type { Runtime } from "#infra/local-runtime/runtime.ts";
import { waitUntil } from "#infra/local-runtime/wait-until.ts";

/** Who sends a command: a wait ends when they hang up, or when a newer attempt comes. */
export type Caller = { id: string; fence: number; signal: AbortSignal };

export async function putEndpoint(
  runtime: Runtime,
  caller: Caller,
  command: EndpointCommand,
): Promise<EndpointState> {
  const { balancer, certificates, desired, keys, ledger, options } = runtime;
  await balancer.ready(caller.signal);
  await certificates.ensure(caller.id, command.tls);
  keys.ensure(caller.id);
  // Without the database the file's keys stay; the regular look catches up.
  await keys.refresh([caller.id], options.clock.now()).catch(() => {});
  const setEndpoint = (endpoint: DeploymentState["endpoint"]) => (state: DeploymentState) => {
    state.endpoint = endpoint;
  };
  const port = await runtime.changes.run(async () => {
    const before = desired.get(caller.id)?.endpoint ?? null;
    const refused = new Set<number>();
    for (;;) {
      await refuseTakenRedirect(runtime, caller.id, command);
      const chosen = await choosePort(runtime, caller.id, command, refused);
      try {
        await changeAndSync(runtime, caller, setEndpoint({ ...command, port: chosen }), setEndpoint(before));
        return chosen;
      } catch (error) {
        // Somebody took it after it was chosen. Chosen again, it isn't this port that can't be had.
        const isTaken = error instanceof CommandFailure && error.failure.code === "port_taken";
        if (!isTaken || refused.has(chosen)) throw error;
        refused.add(chosen);
      }
    }
  });
  ledger.rememberPort(caller.id, port);
  certificates.keepOnly(caller.id, command.tls);
  const at = { ip: options.publicHost, port, access: command.access };
  if (!command.tls) return { url: endpointUrl(options.publicHost, port), ...at };
  const { certificate } = command.tls;
  const host = hostOf(certificate, options.publicHost);
  return { url: endpointUrl(host, port, "https"), ...at, certificate };
}

export async function deleteEndpoint(runtime: Runtime, caller: Caller): Promise<void> {
  const before = runtime.desired.get(caller.id)?.endpoint;
  if (!before) {
    runtime.certificates.keepOnly(caller.id, null);
    return runtime.keys.remove(caller.id);
  }
  const ports = [before.port, before.redirectFrom ?? before.port];
  await changeInTurn(
    runtime,
    caller,
    (state) => (state.endpoint = null),
    (state) => (state.endpoint = before),
  );
  runtime.keys.remove(caller.id);
  runtime.certificates.keepOnly(caller.id, null);
  const closed = async () => {
    const pids = await runtime.balancer.pids().catch(() => null);
    const listening = pids && listeningPorts(pids);
    return (listening && !ports.some((port) => listening.has(port))) || undefined;
  };
  await waitUntil(closed, { signal: caller.signal, boundMs: 5_000 });
}

export async function putModelServer(
  runtime: Runtime,
  caller: Caller,
  variant: string,
  command: ModelServerCommand,
): Promise<ModelServerState> {
  runtime.options.modelCommand(command.model);
  // Unsealed before anything starts, so that a secret that can't be read is said at once.
  await runtime.secrets.resolve(caller.id, command.env);
  const { minReplicas, maxReplicas } = command.scaling;
  runtime.desired.changeVariant(caller.id, variant, (state) => {
    state.modelServer = command;
    const asked = command.scaling.metric === "none" ? minReplicas : state.wanted;
    state.wanted = Math.min(Math.max(asked, minReplicas), maxReplicas);
  });
  const supervisor = runtime.supervisor(caller.id, variant);
  supervisor.reconcile();
  const hasPool = () => runtime.desired.get(caller.id)?.variants[variant]?.pool !== null;
  await waitFor(runtime, caller, supervisor, async () => {
    if (hasPool()) {
      // A change of what already serves: the new ones must have taken over. The old ones may still finish.
      return supervisor.outdated.length === 0 && (await healthyInPool(runtime, supervisor)) >= minReplicas;
    }
    return supervisor.current.filter((replica) => replica.process).length >= minReplicas;
  });
  await runtime.show(caller.id);
  return {
    replicas: supervisor.current.flatMap(({ plan, process }) =>
      process ? [{ id: plan.id, pid: process.pid }] : [],
    ),
  };
}

export async function deleteModelServer(runtime: Runtime, caller: Caller, variant: string): Promise<void> {
  if (!runtime.desired.get(caller.id)?.variants[variant]) return;
  runtime.desired.changeVariant(caller.id, variant, (state) => {
    state.modelServer = null;
    state.wanted = 0;
  });
  const supervisor = runtime.supervisor(caller.id, variant);
  supervisor.reconcile();
  await abortable(supervisor.allGone(), caller.signal);
  runtime.forgetSupervisor(caller.id, variant);
}

export async function putPool(
  runtime: Runtime,
  caller: Caller,
  variant: string,
  command: PoolCommand,
): Promise<PoolState> {
  await runtime.balancer.ready(caller.signal);
  const before = runtime.desired.get(caller.id)?.variants[variant]?.pool ?? null;
  const setPool = poolSetter(variant);
  await changeInTurn(runtime, caller, setPool(command), setPool(before));
  const supervisor = runtime.supervisor(caller.id, variant);
  await supervisor.joinAll();
  let healthy = 0;
  await waitFor(runtime, caller, supervisor, async () => {
    const least = runtime.desired.get(caller.id)?.variants[variant]?.modelServer?.scaling.minReplicas ?? 0;
    healthy = await healthyInPool(runtime, supervisor);
    return healthy >= least;
  });
  await runtime.show(caller.id);
  return { healthy };
}

export async function deletePool(runtime: Runtime, caller: Caller, variant: string): Promise<void> {
  const before = runtime.desired.get(caller.id)?.variants[variant]?.pool;
  if (!before) return;
  const supervisor = runtime.supervisor(caller.id, variant);
  await supervisor.leaveAll(caller.signal);
  const setPool = poolSetter(variant);
  try {
    await changeInTurn(runtime, caller, setPool(null), setPool(before));
  } catch (error) {
    await supervisor.joinAll();
    throw error;
  }
}

function poolSetter(variant: string) {
  return (pool: PoolCommand | null) => (state: DeploymentState) => {
    (state.variants[variant] ??= { modelServer: null, pool: null, wanted: 0, replicas: [] }).pool = pool;
  };
}

export async function putRoutes(
  runtime: Runtime,
  caller: Caller,
  command: RoutesCommand,
): Promise<RoutesState> {
  await runtime.balancer.ready(caller.signal);
  const state = runtime.desired.get(caller.id);
  const known = (variant: string) => state?.variants[variant]?.pool;
  for (const { variant } of [...command.rules, ...command.weights]) {
    if (known(variant)) continue;
    throw new CommandFailure(
      "load_balancer_failed",
      `The variant ${variant} has no pool, so nothing can be routed to it.`,
    );
  }
  const before = state?.routes ?? null;
  await changeInTurn(
    runtime,
    caller,
    (s) => (s.routes = command),
    (s) => (s.routes = before),
  );
  return { rules: command.rules.length };
}

export async function deleteRoutes(runtime: Runtime, caller: Caller): Promise<void> {
  const before = runtime.desired.get(caller.id)?.routes;
  if (!before) return;
  await changeInTurn(
    runtime,
    caller,
    (state) => (state.routes = null),
    (state) => (state.routes = before),
  );
}

/** Removes whatever is left, whoever made it, and says what is still there. */
export async function sweep(runtime: Runtime, caller: Caller): Promise<Inventory> {
  await deleteRoutes(runtime, caller);
  for (const variant of Object.keys(runtime.desired.get(caller.id)?.variants ?? {})) {
    await deletePool(runtime, caller, variant);
    await deleteModelServer(runtime, caller, variant);
  }
  await deleteEndpoint(runtime, caller);
  for (const stray of runtime.strays(caller.id)) {
    signalProcess(stray, "SIGKILL");
    await untilGone(stray, 3_000);
  }
  runtime.desired.change(caller.id, (state) => (state.variants = {}));
  for (const socket of runtime.folders.replicaSockets(caller.id)) rmSync(socket, { force: true });
  rmSync(runtime.folders.logs(caller.id), { recursive: true, force: true });
  rmSync(runtime.folders.work(caller.id), { recursive: true, force: true });
  runtime.secrets.forget(caller.id);
  return runtime.inventory(caller.id);
}

/** One deployment's change at a time: nobody's reload carries, or fails at, what another may yet take back. */
function changeInTurn(...change: Parameters<typeof changeAndSync>): Promise<void> {
  return change[0].changes.run(() => changeAndSync(...change));
}

/** Writes what is wanted and lets HAProxy follow; if it doesn't, what was wanted before is wanted again. */
async function changeAndSync(
  runtime: Runtime,
  caller: Caller,
  change: (state: DeploymentState) => void,
  undo: (state: DeploymentState) => void,
): Promise<void> {
  runtime.ledger.check(caller.id, caller.fence);
  runtime.desired.change(caller.id, change);
  try {
    await runtime.balancer.sync();
  } catch (error) {
    runtime.desired.change(caller.id, undo);
    throw error;
  }
}

async function healthyInPool(runtime: Runtime, supervisor: VariantSupervisor): Promise<number> {
  const stats = await runtime.balancer.stats().catch(() => null);
  const backend = backendName(supervisor.deploymentId, supervisor.variant);
  return supervisor.current.filter(({ plan, state }) => {
    const server = stats?.servers.get(serverKey(backend, serverName(plan.ordinal)));
    return state === "ready" && server?.up && server.check.startsWith("L7OK");
  }).length;
}

/** Waits for replicas; one that can't start, or never gets healthy, ends the wait with its reason. */
async function waitFor(
  runtime: Runtime,
  caller: Caller,
  supervisor: VariantSupervisor,
  done: () => Promise<boolean>,
): Promise<void> {
  await waitUntil(
    async () => {
      runtime.ledger.check(caller.id, caller.fence);
      if (await done()) return true;
      const failed = supervisor.current.find(({ failure, failedStarts }) => {
        return failure && failedStarts >= (failure.failure.code === "start_failed" ? 2 : 1);
      });
      if (failed?.failure) throw runtime.redacted(caller.id, failed.plan.id, failed.failure);
      return undefined;
    },
    { signal: caller.signal, everyMs: 40 },
  );
}

async function abortable(work: Promise<void>, signal: AbortSignal): Promise<void> {
  let over = false;
  void work.finally(() => (over = true));
  await waitUntil(() => over || undefined, { signal, everyMs: 20 });
  await work;
}
