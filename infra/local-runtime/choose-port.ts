import type { DeploymentState } from "#infra/local-runtime/desired-state.ts";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import { firstFree, isFree } from "#infra/local-runtime/ports.ts";
import type { Runtime } from "#infra/local-runtime/runtime.ts";

/**
 * The port of a deployment's endpoint: the one asked for; else the one it has, had, or the first free one.
 *
 * @param refused ports that HAProxy couldn't have though they had looked free
 * @throws CommandFailure `port_taken`
 */
export async function choosePort(
  { desired, ledger, options }: Pick<Runtime, "desired" | "ledger" | "options">,
  id: string,
  wanted: number | null,
  refused: ReadonlySet<number>,
): Promise<number> {
  const own = desired.get(id)?.endpoint?.port;
  if (own !== undefined && (wanted === null || wanted === own)) return own;
  const others = new Set(desired.all().flatMap((d) => (d.id === id ? redirectPort(d) : portsOf(d))));
  if (wanted !== null) {
    if (others.has(wanted)) throw portTaken(`Port ${wanted} is another deployment's.`, "Choose another");
    if (!refused.has(wanted) && (await isFree(options.bind, wanted))) return wanted;
    throw portTaken(
      `Another program on this machine listens on port ${wanted}.`,
      "Stop it, choose another port",
    );
  }
  const last = ledger.lastPort(id);
  const taken = new Set([...others, ...refused]);
  if (last !== null && !taken.has(last) && (await isFree(options.bind, last))) return last;
  const port = await firstFree(options.bind, options.timing.firstPort, taken);
  if (port !== null) return port;
  const message = `No port from ${options.timing.firstPort} up is free on ${options.bind}.`;
  throw new CommandFailure("port_taken", message);
}

/** What a deployment's endpoint listens on. */
export function portsOf(deployment: DeploymentState): number[] {
  return [...(deployment.endpoint ? [deployment.endpoint.port] : []), ...redirectPort(deployment)];
}

function redirectPort({ endpoint }: DeploymentState): number[] {
  return endpoint?.redirectFrom == null ? [] : [endpoint.redirectFrom];
}

function portTaken(what: string, way: string): CommandFailure {
  return new CommandFailure("port_taken", `${what} ${way}, or leave it empty for a free one.`);
}

/** @throws CommandFailure `port_taken` where the port that redirects can't be had */
export async function refuseTakenRedirect(
  { desired, options }: Pick<Runtime, "desired" | "options">,
  id: string,
  wanted: number | null,
): Promise<void> {
  if (wanted === null || desired.get(id)?.endpoint?.redirectFrom === wanted) return;
  const isOurs = desired
    .all()
    .some((d) => (d.id === id ? d.endpoint?.port === wanted : portsOf(d).includes(wanted)));
  if (!isOurs && (await isFree(options.bind, wanted))) return;
  const message = `Port ${wanted}, which would redirect to HTTPS, is taken. Choose another, or leave it out.`;
  throw new CommandFailure("port_taken", message);
}

/** @param host a name or an address */
export function endpointUrl(host: string, port: number, scheme: "http" | "https" = "http"): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
