import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ApiClient, KubernetesObject } from "#infra/kubernetes/api-client.ts";
import { awaitGateway } from "#infra/targets/kubernetes/await-gateway.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const gateway = (status: object): KubernetesObject => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "Gateway",
  metadata: { name: "gateway" },
  spec: { gatewayClassName: "traefik" },
  status,
});
const programmed = {
  addresses: [{ type: "IPAddress", value: "192.0.2.7" }],
  conditions: [{ type: "Programmed", status: "True" }],
};
const pending = { conditions: [{ type: "Programmed", status: "False", message: "no address left" }] };

/** What it comes to where the cluster answers so, one after the other, and with the last from there. */
function awaited(answers: (KubernetesObject | null)[], signal = new AbortController().signal) {
  const find = vi.fn<ApiClient["find"]>(() =>
    Promise.resolve(answers.length > 1 ? answers.shift()! : answers[0]!),
  );
  const ended = awaitGateway({ find } as unknown as ApiClient, "dep-waiting00001", signal).catch(
    (error: unknown) => error,
  );
  return { ended, find };
}

test("a Gateway that has its address is asked for once", async () => {
  const { ended, find } = awaited([gateway(programmed)]);
  expect(await ended).toEqual(programmed);
  expect(find).toHaveBeenCalledOnce();
});

test("one that gets its address later is waited for, with the address of then", async () => {
  const { ended } = awaited([gateway({}), gateway(pending), gateway(programmed)]);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await ended).toEqual(programmed);
});

test("one that never gets it is given up, with what its controller says", async () => {
  const { ended } = awaited([gateway(pending)]);
  await vi.advanceTimersByTimeAsync(182_000);
  expect(await ended).toMatchObject({
    code: "gateway_failed",
    message: expect.stringContaining("class traefik isn't programmed: no address left") as string,
  });
});

test("a cancel is heard while it is waited for", async () => {
  const stopping = new AbortController();
  const { ended } = awaited([gateway(pending)], stopping.signal);
  stopping.abort();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await ended).toBe(stopping.signal.reason);
});

test("where it is gone there is nothing to wait for", async () => {
  expect(await awaited([null]).ended).toBeUndefined();
});
