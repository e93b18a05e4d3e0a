import { expect, test } from "vitest";
import { endpointOf } from "#infra/targets/kubernetes/outputs.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";

const nobody = () => Promise.resolve(null);
const plain = forms["fixed replicas"]!.spec;
const secure = forms["HTTPS by HAProxy"]!.spec;
const ports = [
  { name: "http", port: 80, nodePort: 30_080 },
  { name: "https", port: 443, nodePort: 30_443 },
];

test("a load balancer's address, by IP or by name", async () => {
  const of = (ingress: object) => ({
    service: { type: "LoadBalancer", ports },
    serviceStatus: { loadBalancer: { ingress: [ingress] } },
  });
  expect(await endpointOf(of({ ip: "192.0.2.1" }), plain, nobody)).toEqual({
    url: "http://192.0.2.1",
    ip: "192.0.2.1",
    port: 80,
    access: "private",
  });
  expect(await endpointOf(of({ hostname: "lb.example" }), secure, nobody)).toMatchObject({
    url: "https://lb.example",
    port: 443,
    certificate: "-----BEGIN CERTIFICATE-----",
  });
  expect(await endpointOf(of({ ip: "2001:db8::1" }), plain, nobody)).toMatchObject({
    url: "http://[2001:db8::1]",
  });
});

test("a port of the nodes, at an address of theirs", async () => {
  const outputs = { service: { type: "NodePort", ports }, serviceStatus: {} };
  const node = () => Promise.resolve("node.example");
  expect((await endpointOf(outputs, plain, node)).url).toBe("http://node.example:30080");
  expect((await endpointOf(outputs, secure, node)).url).toBe("https://node.example:30443");
  await expect(endpointOf(outputs, plain, nobody)).rejects.toMatchObject({ code: "endpoint_failed" });
});

test("a Gateway's address; none at all says what to do", async () => {
  const outputs = { gateway: { addresses: [{ type: "IPAddress", value: "192.0.2.7" }] } };
  expect((await endpointOf(outputs, plain, nobody)).url).toBe("http://192.0.2.7");
  await expect(endpointOf({ gateway: { addresses: [] } }, plain, nobody)).rejects.toThrow("NodePort");
  const pending = { service: { type: "LoadBalancer", ports }, serviceStatus: { loadBalancer: {} } };
  await expect(endpointOf(pending, plain, nobody)).rejects.toMatchObject({ code: "endpoint_failed" });
});
