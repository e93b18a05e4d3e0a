import { describe, expect, test } from "vitest";
import type { ApiClient } from "#infra/kubernetes/api-client.ts";
import {
  isNewest,
  troubleOf,
  troublesOf,
  type Pod,
  type ReplicaSet,
} from "#infra/targets/kubernetes/troubles.ts";

type Status = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];

const pod = (container: Status | null, conditions: NonNullable<Pod["status"]>["conditions"] = []): Pod => ({
  metadata: { name: "model-main-1", labels: { "sluice/variant": "main", "pod-template-hash": "a" } },
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
    "No node of the cluster has enough processor for a replica.",
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

test("one that ends again and again is in trouble while it runs, too", () => {
  const ended = { terminated: { reason: "Error", exitCode: 1, message: "no model" } };
  const running = (restartCount: number) => pod({ restartCount, state: { running: {} }, lastState: ended });
  expect(troubleOf(running(2), [])).toBeNull();
  expect(troubleOf(running(3), [])).toMatchObject({ code: "start_failed", logLines: ["no model"] });
});

test("what the scheduler lacks is said in plain words, and its own stand in the log", () => {
  const said = (message: string) => {
    const unschedulable = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
    return troubleOf(pod(null, [unschedulable]), []);
  };
  const both =
    "0/3 nodes are available: 1 Insufficient memory, 3 Insufficient cpu. preemption: not helpful for 3 Insufficient cpu.";
  expect(said(both)).toEqual({
    code: "no_node_fits",
    message:
      "No node of the cluster has enough memory and processor for a replica. Ask for less, or add a node.",
    logLines: [both],
    of: "kubernetes:apps/v1:Deployment::model-main",
  });
  expect(said("1 Insufficient amd.com/gpu.")?.message).toContain("enough amd.com/gpu for");
  const tainted = said("0/1 nodes are available: 1 node(s) had untolerated taint {dedicated: ml}.");
  expect(tainted?.message).toMatch(/^No node of the cluster has a place for a replica\./);
});

test("a pod for which a node is being added may pass; another's events are another's", () => {
  const unschedulable = { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "no cpu" };
  const adding = (name: string) => [{ reason: "TriggeredScaleUp", involvedObject: { name } }];
  expect(troubleOf(pod(null, [unschedulable]), adding("model-main-1"))?.mayPass).toBe(true);
  expect(troubleOf(pod(null, [unschedulable]), adding("model-main-2"))?.mayPass).toBeUndefined();
});

test("a pod that isn't healthy brings its warnings, and says which Deployment it keeps", () => {
  const involvedObject = { name: "model-main-1" };
  const said = [
    { type: "Normal", reason: "Pulled", message: "there", involvedObject },
    { type: "Warning", reason: "BackOff", message: "first", involvedObject },
    { type: "Warning", reason: "Unhealthy", message: "then", involvedObject },
    { type: "Warning", reason: "Unhealthy", message: "of another", involvedObject: { name: "other" } },
  ];
  expect(troubleOf(pod({ ready: false, state: { running: {} } }), said)).toMatchObject({
    code: "probe_failed",
    logLines: ["BackOff: first", "Unhealthy: then"],
    of: "kubernetes:apps/v1:Deployment::model-main",
  });
});

test("pods that a change replaces aren't the newest", () => {
  const set = (variant: string, hash: string, revision: string): ReplicaSet => ({
    metadata: {
      labels: { "sluice/variant": variant, "pod-template-hash": hash },
      annotations: { "deployment.kubernetes.io/revision": revision },
    },
  });
  expect(isNewest(pod(null), [set("main", "a", "10"), set("main", "b", "9"), set("other", "c", "11")])).toBe(
    true,
  );
  expect(isNewest(pod(null), [set("main", "a", "9"), set("main", "b", "10")])).toBe(false);
  expect(isNewest(pod(null), [])).toBe(true);
});

describe("where the cluster makes no pod", () => {
  const seeing = (said: string, pods: Pod[] = []) => {
    const conditions = [
      { type: "Progressing", status: "True", reason: "ReplicaSetUpdated" },
      { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: said },
    ];
    const lists: Record<string, object[]> = {
      pods,
      deployments: [{ metadata: { name: "model-main" }, status: { conditions } }],
    };
    const api: Pick<ApiClient, "request"> = {
      request: async ({ path }) => ({ items: lists[/[a-z]+(?=\?|$)/.exec(path)![0]] ?? [] }),
    };
    return troublesOf(api as ApiClient, "dep-0123456789ab", new AbortController().signal);
  };
  const quota =
    'pods "model-main-5d-x" is forbidden: exceeded quota: q, requested: limits.cpu=1, used: limits.cpu=2, limited: limits.cpu=2';

  test.each([
    [quota, "the quota of its namespace is used up"],
    [
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation',
      "PodSecurity",
    ],
    ['admission webhook "policy.example" denied the request: no owner', "denied the request: no owner."],
  ])("its Deployment says why: %s", async (said, told) => {
    expect(await seeing(said)).toEqual([
      {
        code: "pod_refused",
        message: expect.stringContaining(told) as string,
        logLines: [said],
        of: "kubernetes:apps/v1:Deployment::model-main",
        mayPass: false,
      },
    ]);
  });

  test("waiting may help while pods end", async () => {
    const leaving = { ...pod(null), metadata: { name: "old", deletionTimestamp: "2026-11-22T10:00:00Z" } };
    expect(await seeing(quota, [leaving])).toMatchObject([{ code: "pod_refused", mayPass: true }]);
  });
});
