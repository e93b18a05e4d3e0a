import { expect, test } from "vitest";
import { domainShortage, domainWords, isServed, type DomainState } from "#lib/deployments/domain-state.ts";

const state: DomainState = {
  domain: "model.example.com",
  wanted: "203.0.113.7",
  found: [],
  certificate: "PROVISIONING",
  answers: false,
  checkedAt: "2026-11-23T08:00:00.000Z",
};

test.each([
  [{}, "DNS has none yet"],
  [{ found: null }, "couldn't be asked"],
  [{ found: ["192.0.2.1"] }, "DNS says 192.0.2.1 now"],
  [{ found: ["203.0.113.7", "2001:db8::1"] }, "no AAAA record: DNS says 203.0.113.7, 2001:db8::1 now"],
  [{ found: ["203.0.113.7"] }, "as it should"],
  [{}, "isn't in use yet: Google is about to make it (PROVISIONING). "],
  [{ certificate: "FAILED_NOT_VISIBLE" }, ": Google doesn’t find the DNS record yet (FAILED_NOT_VISIBLE). "],
  [{ certificate: "SOMETHING_NEW" }, "isn't in use yet (SOMETHING_NEW). "],
  [{ certificate: null }, "isn't in use yet. Set one A record"],
  [{ certificate: "FAILED_CAA_FORBIDDEN" }, "let pki.goog issue"],
  [{ certificate: "FAILED_CAA_CHECKING" }, "couldn't read the CAA records"],
  [{ certificate: "FAILED_RATE_LIMITED" }, "tried again by itself"],
])("with %j a person reads what to do", (change, expected) => {
  expect(domainWords({ ...state, ...change })).toContain(expected);
});

test("the record to set is named with its address, and nothing is said of a domain that answers", () => {
  expect(domainWords(state)).toContain(
    "Set one A record for model.example.com, with the address 203.0.113.7",
  );
  expect(domainWords({ ...state, certificate: "ACTIVE", answers: true })).toBeNull();
});

test("a domain is served once it was seen to answer, and another one isn't by that", () => {
  const answered = { ...state, answers: true };
  expect(isServed(answered, "model.example.com")).toBe(true);
  expect(isServed(answered, "new.example.com")).toBe(false);
  expect(isServed(state, "model.example.com")).toBe(false);
  expect(isServed(null, null)).toBe(false);
});

test("what was seen of an earlier domain says nothing of the one that it has now", () => {
  const answered = { ...state, answers: true };
  expect(domainShortage(answered, "model.example.com", "203.0.113.7")).toBeNull();
  expect(domainShortage(answered, null, "203.0.113.7")).toBeNull();
  expect(domainShortage(state, "model.example.com", "203.0.113.7")).toBe(domainWords(state));
  for (const stored of [answered, null])
    expect(domainShortage(stored, "new.example.com", "203.0.113.7")).toBe(
      "Google's certificate for new.example.com isn't in use yet. Set one A record for new.example.com, with the address 203.0.113.7, and no AAAA record.",
    );
});
