import { setTimeout as pause } from "node:timers/promises";
import { keepFirewalls } from "#e2e/cloud/controller/firewalls.ts";
import { keepGroups } from "#e2e/cloud/controller/groups.ts";
import { keepNetworkServices } from "#e2e/cloud/controller/network-services.ts";
import type { World } from "#e2e/cloud/controller/world.ts";
import { requestApi, type KubernetesObject } from "#e2e/cluster/api.ts";

const pauseMs = 250;

export type Controller = {
  /** what went wrong last; it is tried again */
  lastTrouble(): string | null;
  close(): Promise<void>;
};

/** Starts what GKE runs beside its clusters: looks at the real one again and again, and brings Google's side to it. */
export function startController(world: World): Controller {
  let isOver = false;
  let trouble: string | null = null;
  const tryTo = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      trouble = `${new Date().toISOString()} ${String(error)}`;
    }
  };
  const work = (async () => {
    while (!isOver) {
      if (world.clusters().length > 0) await tryTo(() => look(world, tryTo));
      await pause(pauseMs);
    }
  })();
  return {
    lastTrouble: () => trouble,
    async close() {
      isOver = true;
      await work;
    },
  };
}

async function look(world: World, tryTo: (work: () => Promise<void>) => Promise<void>): Promise<void> {
  const list = async (path: string) => (await requestApi(world.admin, path)).items as KubernetesObject[];
  const [services, slices] = await Promise.all([
    list("/api/v1/services"),
    list("/apis/discovery.k8s.io/v1/endpointslices"),
  ]);
  await tryTo(() => keepFirewalls(world));
  await tryTo(() => keepGroups(world, services, slices));
  await tryTo(() => keepNetworkServices(world, services));
}
