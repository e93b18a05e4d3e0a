import { CommandFailure } from "#infra/local-runtime/failure.ts";
import type { BalancedEndpoint } from "#infra/local-runtime/haproxy/model.ts";
import { isFree } from "#infra/local-runtime/ports.ts";

/** Which endpoints' ports HAProxy has, and which another program had when HAProxy was started. */
export class EndpointPorts {
  readonly #bind: string;
  readonly #taken = new Set<number>();
  #held = new Set<number>();

  /** @param bind the address that endpoints listen on */
  constructor(bind: string) {
    this.#bind = bind;
  }

  /** An endpoint that isn't listened on, so that the others can be. */
  isTaken(port: number): boolean {
    return this.#taken.has(port);
  }

  /** The endpoint as far as it can be had; `null` if not at all. */
  asFree(endpoint: BalancedEndpoint): BalancedEndpoint | null {
    const { port, redirectFrom } = endpoint;
    if (this.isTaken(port)) return null;
    const redirectIsTaken = redirectFrom !== null && this.isTaken(redirectFrom);
    return redirectIsTaken ? { ...endpoint, redirectFrom: null } : endpoint;
  }

  /** What a running HAProxy listens on. */
  adopt(ports: Iterable<number>): void {
    this.#held = new Set(ports);
  }

  /**
   * Before a reload, as late as can be: a start that fails at one port hurts the other endpoints.
   *
   * @throws CommandFailure `port_taken`
   */
  async mayHave(ports: number[]): Promise<void> {
    for (const port of ports) {
      if (this.#held.has(port) || this.#taken.has(port) || (await isFree(this.#bind, port))) continue;
      throw new CommandFailure("port_taken", `Another program has taken port ${port} in this moment.`);
    }
  }

  /** Before a fresh start: sorts out what is gone. */
  async claim(ports: number[]): Promise<void> {
    this.#held.clear();
    this.#taken.clear();
    for (const port of ports) ((await isFree(this.#bind, port)) ? this.#held : this.#taken).add(port);
  }

  /** Forgets that these were taken, if they are free now. */
  async reclaim(): Promise<boolean> {
    const free: number[] = [];
    for (const port of this.#taken) if (await isFree(this.#bind, port)) free.push(port);
    for (const port of free) this.#taken.delete(port);
    return free.length > 0;
  }
}

/** All that these listen on. */
export function portsOf(deployments: { endpoint: BalancedEndpoint | null }[]): number[] {
  return deployments.flatMap(({ endpoint }) =>
    endpoint ? [endpoint.port, ...(endpoint.redirectFrom === null ? [] : [endpoint.redirectFrom])] : [],
  );
}
