import { expect, test } from "vitest";
import { SignInThrottle } from "#lib/auth/sign-in-throttle.ts";
import { MovedClock } from "#lib/web/portal-for-test.ts";

function setUp() {
  const clock = new MovedClock();
  return { clock, throttle: new SignInThrottle("a secret", clock) };
}

test("ten tries in 15 minutes, then a wait that ends", () => {
  const { clock, throttle } = setUp();
  for (let i = 0; i < 10; i++) expect(throttle.take("a@x.org", undefined)).toBe(0);
  clock.move(60_000);
  expect(throttle.take("a@x.org", undefined)).toBe(14 * 60);
  expect(throttle.take("b@x.org", undefined)).toBe(0);
  clock.move(14 * 60_000);
  expect(throttle.take("a@x.org", undefined)).toBe(0);
});

test("strangers' tries don't keep out a device that signed in before", () => {
  const { throttle } = setUp();
  const device = throttle.succeed("a@x.org", undefined);
  for (let i = 0; i < 50; i++) throttle.take("a@x.org", undefined);
  expect(throttle.take("a@x.org", undefined)).toBeGreaterThan(0);
  expect(throttle.take("a@x.org", device)).toBe(0);
});

test("a device's cookie is good for its own address alone and can't be made up", () => {
  const { throttle } = setUp();
  const device = throttle.succeed("a@x.org", undefined);
  for (let i = 0; i < 10; i++) throttle.take("b@x.org", undefined);
  for (const cookie of [device, "made.up", "x", "", `${device}x`]) {
    expect(throttle.take("b@x.org", cookie)).toBeGreaterThan(0);
  }
});

test("a known device has ten tries too, and a right password gives them back", () => {
  const { throttle } = setUp();
  const device = throttle.succeed("a@x.org", undefined);
  for (let i = 0; i < 10; i++) expect(throttle.take("a@x.org", device)).toBe(0);
  expect(throttle.take("a@x.org", device)).toBeGreaterThan(0);
  throttle.succeed("a@x.org", device);
  expect(throttle.take("a@x.org", device)).toBe(0);
});
