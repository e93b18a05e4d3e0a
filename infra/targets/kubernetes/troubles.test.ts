import { expect, test } from "vitest";
import { troubleOf, type Pod } from "#infra/targets/kubernetes/troubles.ts";

type Status = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];

const pod = (container: Status | null, conditions: NonNullable<Pod["status"]>["conditions"] = []): Pod => ({
  metadata: { name: "model-main-1" },
  spec: { containers: [{ image: "registry.example/m:1" }] },
  status: { conditions, containerStatuses: container ? [container] : [] },
});
const waiting = (reason: string, message = "") => pod({ state: { waiting: { reason, message } } });
const events = [
  { reason: "Unhealthy", message: "Startup probe failed: 404", involvedObject: { name: "model-main-1" } },
];

test.each([
  ["image_pull", waiting("ImagePullBackOff", "Back-off pulling image"), "registry.example/m:1"],
  ["image_pull", waiting("ErrImagePull", "unauthorized"), "pull secret"],
  [
    "root_needed",
    waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root"),
    "runs as root",
  ],
  ["start_failed", waiting("CreateContainerConfigError", 'secret "env" not found'), 'secret "env" not found'],
  [
    "no_node_fits",
    pod(null, [
      {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message: "0/1 nodes are available: 1 Insufficient cpu.",
      },
    ]),
    "Insufficient cpu",
  ],
  [
    "out_of_memory",
    pod({
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { reason: "OOMKilled", exitCode: 137 } },
    }),
    "memory limit",
  ],
  [
    "start_failed",
    pod({
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { reason: "Error", exitCode: 3, message: "no such model" } },
    }),
    "code 3",
  ],
  ["probe_failed", pod({ ready: false, state: { running: {} } }), "health path"],
])("%s, by what the cluster says of a pod (%#)", (code, unready, said) => {
  const trouble = troubleOf(unready, events);
  expect(trouble?.code).toBe(code);
  expect(trouble?.message).toContain(said);
});

test("one that is on its way has no trouble", () => {
  expect(troubleOf(waiting("ContainerCreating"), events)).toBeNull();
  expect(troubleOf(pod({ ready: false, state: { running: {} } }), [])).toBeNull();
  expect(troubleOf(pod(null), [])).toBeNull();
});
