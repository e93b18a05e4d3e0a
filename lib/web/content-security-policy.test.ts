import { expect, test } from "vitest";
import { contentSecurityPolicy } from "#lib/web/content-security-policy.ts";

test("scripts need the nonce, and nobody frames a page", () => {
  const policy = contentSecurityPolicy("abc", false);
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe-eval|ws:/);
  expect(contentSecurityPolicy("abc", true)).toContain("'unsafe-eval'");
});
