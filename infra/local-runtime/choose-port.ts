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
  const others = new Set(desired.all().flatMap((d) => (d.id === id ? [] : (d.endpoint?.port ?? []))));
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

function portTaken(what: string, way: string): CommandFailure {
  return new CommandFailure("port_taken", `${what} ${way}, or leave it empty for a free one.`);
}

/** @param host a name or an address */
export function endpointUrl(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
