import { expect, test } from "vitest";
import { freshKey } from "#components/deployments/fresh-key.ts";
import type { EndpointKeyView } from "#lib/deployments/endpoint-keys.ts";

const made = { id: "key-1", key: "sle_abc" };
const at = "2026-01-02T03:04:05.000Z";
const listed = (id: string, revokedAt: string | null): EndpointKeyView => ({
  id,
  name: id,
  prefix: "sle_abc",
  createdAt: at,
  revokedAt,
});

test("the key just made is shown, listed already or not", () => {
  expect(freshKey(made, [])).toBe("sle_abc");
  expect(freshKey(made, [listed("key-1", null)])).toBe("sle_abc");
});

test("once it is revoked it is shown no more; another's end changes nothing", () => {
  expect(freshKey(made, [listed("key-1", at)])).toBeNull();
  expect(freshKey(made, [listed("key-2", at), listed("key-1", null)])).toBe("sle_abc");
});

test("none was made", () => expect(freshKey(null, [listed("key-1", null)])).toBeNull());
