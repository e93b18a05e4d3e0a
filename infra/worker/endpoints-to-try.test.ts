import { expect, test } from "vitest";
import { endpointsToTry } from "#infra/worker/endpoints-to-try.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import { gkeEndpoint } from "#lib/targets/gke/endpoint.ts";

const ip = "203.0.113.7";
const spec = specForTest({ target: "gke" });
const open = { ...spec, endpoint: { ...spec.endpoint, access: "open" as const } };

test("on Google Cloud a change that broke off may have got to the other port and the other name", () => {
  const before = gkeEndpoint(ip, spec, null);
  expect(before).toEqual({ url: `http://${ip}`, ip, port: 80, access: "private" });
  expect(endpointsToTry(before, spec)).toEqual([before]);
  const atDomain = gkeEndpoint(ip, spec, "model.example.com");
  expect(atDomain).toEqual({ url: "https://model.example.com", ip, port: 443, access: "private" });
  expect(endpointsToTry(atDomain, spec)).toEqual([before, atDomain]);
});

test("an open one comes first, so that no key is sent to it", () => {
  const before = gkeEndpoint(ip, spec, null);
  expect(endpointsToTry(before, open)).toEqual([{ ...before, access: "open" }, before]);
});
