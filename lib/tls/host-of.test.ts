import { expect, test } from "vitest";
import { hostOf } from "#lib/tls/host-of.ts";
import { issuedChain } from "#lib/tls/issued-for-test.ts";

const now = new Date();
const hostFor = async (names: string[], reached: string) =>
  hostOf((await issuedChain(names, { now })).own, reached);

test("the host that is reached stays where the certificate is for it", async () => {
  expect(await hostFor(["models.example.test", "10.0.0.7"], "10.0.0.7")).toBe("10.0.0.7");
  expect(await hostFor(["a.example.test", "models.example.test"], "models.example.test")).toBe(
    "models.example.test",
  );
  expect(await hostFor(["*.example.test"], "models.example.test")).toBe("models.example.test");
  expect(await hostFor(["models.example.test", "2001:db8::7"], "2001:db8:0:0::7")).toBe("2001:db8:0:0::7");
});

test("else it is the first whole name of the certificate", async () => {
  expect(await hostFor(["*.example.test", "models.example.test"], "10.0.0.7")).toBe("models.example.test");
  expect(await hostFor(["models.example.test"], "2001:db8::7")).toBe("models.example.test");
});

test("a certificate that names no whole host leaves the one that is reached", async () => {
  expect(await hostFor(["*.example.test"], "10.0.0.7")).toBe("10.0.0.7");
  expect(await hostFor(["*.example.test"], "a.b.example.test")).toBe("a.b.example.test");
  expect(hostOf("", "10.0.0.7")).toBe("10.0.0.7");
});
