import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import {
  endpointCommand,
  modelServerCommand,
  poolCommand,
  routesCommand,
} from "#infra/local-runtime/protocol.ts";
import { writeAtomically } from "#infra/local-runtime/write-atomically.ts";

const replicaRecord = z.object({
  ordinal: z.int(),
  pid: z.int(),
  startTime: z.string(),
  /** hash of what it was started with */
  config: z.string(),
  /** it has its place in the load balancer */
  inPool: z.boolean(),
  restarts: z.int(),
  startedAt: z.string(),
});
export type ReplicaRecord = z.infer<typeof replicaRecord>;

const variantState = z.object({
  modelServer: modelServerCommand.nullable(),
  pool: poolCommand.nullable(),
  /** replicas wanted now, by the autoscaler */
  wanted: z.int(),
  /** what was started, to be adopted again */
  replicas: z.array(replicaRecord),
});
export type VariantState = z.infer<typeof variantState>;

const deploymentState = z.object({
  version: z.literal(1),
  id: z.string(),
  endpoint: endpointCommand.extend({ port: z.int() }).nullable(),
  routes: routesCommand.nullable(),
  variants: z.record(z.string(), variantState),
});
export type DeploymentState = z.infer<typeof deploymentState>;

/** What should run on this machine: one file a deployment, whole at every moment, without secrets. */
export class DesiredState {
  readonly #folder: string;
  readonly #deployments = new Map<string, DeploymentState>();

  constructor(folder: string) {
    this.#folder = folder;
    for (const name of readdirSync(folder)) {
      if (!name.endsWith(".json")) continue;
      const state = readState(path.join(folder, name));
      this.#deployments.set(state.id, state);
    }
  }

  all(): DeploymentState[] {
    return [...this.#deployments.values()];
  }

  get(id: string): DeploymentState | undefined {
    return this.#deployments.get(id);
  }

  file(id: string): string {
    return path.join(this.#folder, `${id}.json`);
  }

  /** Changes one deployment and writes its file. */
  change(id: string, mutate: (state: DeploymentState) => void): void {
    const state = this.get(id) ?? { version: 1, id, endpoint: null, routes: null, variants: {} };
    mutate(state);
    for (const [name, variant] of Object.entries(state.variants)) {
      if (!variant.modelServer && !variant.pool && variant.replicas.length === 0) delete state.variants[name];
    }
    const empty = !state.endpoint && !state.routes && Object.keys(state.variants).length === 0;
    if (empty) {
      this.#deployments.delete(id);
      rmSync(this.file(id), { force: true });
      return;
    }
    this.#deployments.set(id, state);
    writeAtomically(this.file(id), JSON.stringify(state, null, 2));
  }

  changeVariant(id: string, variant: string, mutate: (state: VariantState) => void): void {
    this.change(id, (state) => {
      const found = (state.variants[variant] ??= { modelServer: null, pool: null, wanted: 0, replicas: [] });
      mutate(found);
    });
  }
}

function readState(file: string): DeploymentState {
  try {
    return deploymentState.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    const message = `${file} can't be read, so it isn't known what should run. Move it away to start without that deployment.`;
    throw new Error(message, { cause });
  }
}
