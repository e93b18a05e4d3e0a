import { expect, it } from "vitest";
import { newGoogle } from "#components/form/google-state.ts";
import { mostReplicas, ownNode, roomWords, tooMuch } from "#components/form/resources-fit.ts";
import { clusterForTest, projectForTest } from "#lib/targets/place-for-test.ts";

const room = { cpuMillis: 3500, memoryBytes: 8 * 2 ** 30, gpus: 0 };

it("says what is free", () => {
  expect(roomWords(room)).toBe("3.5 cores, 8 GiB and no GPU");
  expect(roomWords({ ...room, gpus: 2 })).toBe("3.5 cores, 8 GiB and 2 GPU");
});

it("finds what no node has free, and nothing in what fits exactly or isn't a quantity", () => {
  expect(tooMuch({ cpu: "3500m", memory: "8Gi", gpus: 0 }, room)).toEqual([]);
  expect(tooMuch({ cpu: "4", memory: "9Gi", gpus: 1 }, room)).toEqual([
    "4 of processor",
    "9Gi of memory",
    "1 GPU",
  ]);
  expect(tooMuch({ cpu: "many", memory: "", gpus: NaN }, room)).toEqual([]);
});

it("knows the nodes of a cluster that is to be made, and none of another", () => {
  const google = { ...newGoogle, machineType: "n1-standard-4", gpuType: "nvidia-tesla-t4", gpuCount: "2" };
  const node = { cpuMillis: 4000, memoryBytes: 15 * 2 ** 30, gpus: 2 };
  expect(ownNode(google, projectForTest())).toEqual(node);
  expect(ownNode({ ...google, mode: "existing" }, projectForTest())).toBeNull();
  expect(ownNode(google, projectForTest({ machineTypes: null }))).toBeNull();
  expect(ownNode(google, clusterForTest())).toBeNull();
});

it("counts how many replicas a cluster that is to be made has room for, by what GKE leaves of a node", () => {
  const most = (cpu: string, change: Partial<typeof newGoogle> = {}) =>
    mostReplicas(cpu, { ...newGoogle, ...change }, projectForTest());
  // Of one core 940 millicores are left, of four 3920.
  expect(most("500m")).toEqual({ nodes: 3, replicas: 3 });
  expect(most("250m")).toEqual({ nodes: 3, replicas: 9 });
  expect(most("1")).toEqual({ nodes: 3, replicas: 0 });
  expect(most("490m", { machineType: "n1-standard-4", minNodes: "1", maxNodes: "2" })).toEqual({
    nodes: 2,
    replicas: 16,
  });
  expect(most("many")).toBeNull();
  expect(most("500m", { mode: "existing" })).toBeNull();
  expect(mostReplicas("500m", newGoogle, clusterForTest())).toBeNull();
});
