import { describe, expect, it } from "vitest";
import { keyMapCommands, keyMapText, parseKeyMap, parseShownMap } from "#infra/haproxy/key-map.ts";

const keys = new Map([
  ["bb", "owner"],
  ["aa", "key"],
]);

describe("the text of a map of keys", () => {
  it("is the same whatever the order, and is read back", () => {
    expect(keyMapText(keys)).toBe("aa key\nbb owner\n");
    expect(parseKeyMap(keyMapText(keys))).toEqual(keys);
    expect(parseKeyMap("")).toEqual(new Map());
  });

  it("is told from what HAProxy shows", () => {
    expect(parseShownMap("0x5338c30 aa key\n0x5338cc0 bb owner\n")).toEqual(keys);
    expect(parseShownMap("")).toEqual(new Map());
    expect(parseShownMap("Unknown map identifier. Please use #<id> or <file>.")).toBeNull();
  });
});

describe("keyMapCommands", () => {
  it("takes away first, changes what is called otherwise, and adds", () => {
    const known = new Map([
      ["cc", "key"],
      ["bb", "probe"],
    ]);
    expect(keyMapCommands("/k", known, keys)).toEqual([
      "del map /k cc",
      "set map /k bb owner",
      "add map /k aa key",
    ]);
    expect(keyMapCommands("/k", keys, keys)).toEqual([]);
  });
});
