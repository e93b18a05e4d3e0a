import type { DeploymentState } from "#infra/local-runtime/desired-state.ts";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import { firstFree, isFree } from "#infra/local-runtime/ports.ts";
import type { Runtime } from "#infra/local-runtime/runtime.ts";

type Wanted = { port: number | null; redirectFrom?: number | null };

/**
 * The port of a deployment's endpoint: the one asked for; else the one it has, had, or the first free one. One that
 * redirected until now may become the endpoint's own.
 *
 * @param refused ports that HAProxy couldn't have though they had looked free
 * @throws CommandFailure `port_taken`
 */
export async function choosePort(
  { desired, ledger, options }: Pick<Runtime, "desired" | "ledger" | "options">,
  id: string,
  wanted: Wanted,
  refused: ReadonlySet<number>,
): Promise<number> {
  const own = desired.get(id)?.endpoint;
  if (own && (wanted.port === null || wanted.port === own.port)) return own.port;
  const others = portsOfOthers(desired, id);
  const { port: asked, redirectFrom } = wanted;
  if (asked !== null) {
    if (others.has(asked)) throw portTaken(`Port ${asked} is another deployment's.`, "Choose another");
    if (own?.redirectFrom === asked) return asked;
    if (!refused.has(asked) && (await isFree(options.bind, asked))) return asked;
    throw portTaken(
      `Another program on this machine listens on port ${asked}.`,
      "Stop it, choose another port",
    );
  }
  const last = ledger.lastPort(id);
  const taken = new Set([...others, ...refused, ...(redirectFrom == null ? [] : [redirectFrom])]);
  if (last !== null && !taken.has(last) && (await isFree(options.bind, last))) return last;
  const port = await firstFree(options.bind, options.timing.firstPort, taken);
  if (port !== null) return port;
  const message = `No port from ${options.timing.firstPort} up is free on ${options.bind}.`;
  throw new CommandFailure("port_taken", message);
}

function portsOfOthers(desired: Runtime["desired"], id: string): Set<number> {
  return new Set(desired.all().flatMap((deployment) => (deployment.id === id ? [] : portsOf(deployment))));
}

/** What a deployment's endpoint listens on. */
export function portsOf({ endpoint }: DeploymentState): number[] {
  if (!endpoint) return [];
  return [endpoint.port, ...(endpoint.redirectFrom == null ? [] : [endpoint.redirectFrom])];
}

function portTaken(what: string, way: string): CommandFailure {
  return new CommandFailure("port_taken", `${what} ${way}, or leave it empty for a free one.`);
}

/**
 * The port that the endpoint leaves may redirect from now on.
 *
 * @throws CommandFailure `port_taken` where the port that redirects can't be had
 */
export async function refuseTakenRedirect(
  { desired, options }: Pick<Runtime, "desired" | "options">,
  id: string,
  { port, redirectFrom = null }: Wanted,
): Promise<void> {
  const own = desired.get(id)?.endpoint;
  if (redirectFrom === null || own?.redirectFrom === redirectFrom) return;
  const isOwn = own?.port === redirectFrom;
  if (isOwn && port !== null && port !== redirectFrom) return;
  const isTaken = isOwn || portsOfOthers(desired, id).has(redirectFrom);
  if (!isTaken && (await isFree(options.bind, redirectFrom))) return;
  const message = `Port ${redirectFrom}, which would redirect to HTTPS, is taken. Choose another, or leave it out.`;
  throw new CommandFailure("port_taken", message);
}

/** @param host a name or an address */
export function endpointUrl(host: string, port: number, scheme: "http" | "https" = "http"): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
