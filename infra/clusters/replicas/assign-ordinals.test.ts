import fc from "fast-check";
import { expect, test } from "vitest";
import { assignOrdinals } from "#infra/clusters/replicas/assign-ordinals.ts";

test("a pod keeps its number, a new one gets the least that is free", () => {
  const first = assignOrdinals([], ["a", "b"]);
  expect([...first]).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
  const known = [
    { ordinal: 1, podUid: "a" },
    { ordinal: 2, podUid: "b" },
  ];
  // Rolled over: c beside the two, then in the place of a.
  expect(assignOrdinals(known, ["a", "b", "c"]).get("c")).toBe(3);
  expect(assignOrdinals(known, ["b", "c"]).get("c")).toBe(1);
  expect(assignOrdinals(known, ["b", "c"]).get("b")).toBe(2);
});

test("whatever pods come and go, no two have one number and none changes its own", () => {
  const uids = fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(uids, { minLength: 1, maxLength: 6 }), (looks) => {
      let before = new Map<string, number>();
      for (const look of looks) {
        const known = [...before].map(([podUid, ordinal]) => ({ ordinal, podUid }));
        const now = assignOrdinals(known, look);
        expect(new Set(now.values()).size).toBe(look.length);
        for (const uid of look) if (before.has(uid)) expect(now.get(uid)).toBe(before.get(uid));
        before = now;
      }
    }),
  );
});
