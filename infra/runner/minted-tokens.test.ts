import { expect, test } from "vitest";
import { MintedTokens } from "#infra/runner/minted-tokens.ts";

test("no token that was asked for stands in what is told, also not one of before", async () => {
  const minted = new MintedTokens();
  const values = ["ya29.first-token", "ya29.second_token"];
  const left = [...values];
  const tokens = minted.of({
    token: () => Promise.resolve({ value: left.shift() ?? "", expires: new Date(0) }),
    drop: () => undefined,
    identity: () => Promise.resolve(null),
  });
  const event = { kind: "log", text: `the kubeconfig has ${values.join(" and ")}` };
  expect(minted.mask(event)).toBe(event);
  await tokens.token();
  expect(minted.mask(event).text).toBe(`the kubeconfig has [secret] and ${values[1]}`);
  await tokens.token();
  expect(minted.mask({ ok: false, logLines: [event.text] })).toEqual({
    ok: false,
    logLines: ["the kubeconfig has [secret] and [secret]"],
  });
});
