import { backendName } from "#infra/haproxy/names.ts";
import type { BalancedDeployment, BalancedPool, BalancedServer } from "#infra/local-runtime/haproxy/model.ts";

/** A deployment as wanted, without the servers: those are the load balancer's own matter. */
export type WantedDeployment = Omit<BalancedDeployment, "pools"> & { pools: Omit<BalancedPool, "servers">[] };

/** Which servers each backend has, by the numbers of their replicas. */
export class Servers {
  readonly #byBackend = new Map<string, Map<number, BalancedServer>>();

  set(backend: string, server: BalancedServer): void {
    this.#of(backend).set(server.ordinal, server);
  }

  has(backend: string, ordinal: number): boolean {
    return this.#of(backend).has(ordinal);
  }

  /** @returns whether it was there */
  delete(backend: string, ordinal: number): boolean {
    return this.#of(backend).delete(ordinal);
  }

  /** These with their servers, in the order of their numbers. */
  fill(deployments: WantedDeployment[]): BalancedDeployment[] {
    return deployments.map((deployment) => ({
      ...deployment,
      pools: deployment.pools.map((pool) => ({
        ...pool,
        servers: [...this.#of(backendName(deployment.id, pool.variant)).values()].sort(
          (a, b) => a.ordinal - b.ordinal,
        ),
      })),
    }));
  }

  #of(backend: string): Map<number, BalancedServer> {
    const found = this.#byBackend.get(backend) ?? new Map<number, BalancedServer>();
    this.#byBackend.set(backend, found);
    return found;
  }
}
