import { expect, test } from "vitest";
import { podForTest, running, startedAt } from "#infra/clusters/replicas/pods-for-test.ts";
import { startedAtOf, stateOf } from "#infra/clusters/replicas/state-of.ts";

const pod = (change: Parameters<typeof podForTest>[2]) => podForTest("dep-a", "p", change);
const waiting = (restartCount: number) =>
  running({ started: false, restartCount, state: { waiting: { reason: "CrashLoopBackOff" } } });
const starts = (restartCount: number) => running({ started: false, restartCount });

test.each([
  ["ready", pod({})],
  ["starting", pod({ ready: false, container: null, status: { phase: "Pending" } })],
  ["starting", pod({ ready: false, container: waiting(0) })],
  ["starting", pod({ ready: false, container: starts(0) })],
  ["restarting", pod({ ready: false, container: starts(1) })],
  ["restarting", pod({ ready: false, container: waiting(2) })],
  ["restarting", pod({ ready: false, container: running({ started: false, state: { terminated: {} } }) })],
  ["unhealthy", pod({ ready: false })],
  ["draining", pod({ metadata: { deletionTimestamp: "2026-11-22T10:01:00Z" } })],
  ["stopped", pod({ ready: false, status: { phase: "Failed", reason: "Evicted" } })],
])("%s (%#)", (state, given) => expect(stateOf(given)).toBe(state));

test("its age is that of the container that runs now, before that of the pod on its node", () => {
  expect(startedAtOf(pod({}))).toEqual(new Date(startedAt));
  expect(startedAtOf(pod({ container: waiting(1) }))).toEqual(new Date("2026-11-22T10:00:01Z"));
  expect(startedAtOf(pod({ container: null, status: {} }))).toEqual(new Date("2026-11-22T10:00:01Z"));
});
