import { expect, test } from "vitest";
import { serverQuestion } from "#components/form/use-server-check.ts";
import type { DeploymentInput } from "#lib/deployments/spec.ts";

const input = (change: Partial<DeploymentInput>): DeploymentInput => ({
  name: "chat",
  target: "local",
  model: { preset: "sentiment" },
  endpoint: { port: 9001, redirectFrom: 9002 },
  ...change,
});

test.each<Partial<DeploymentInput>>([
  { name: "other" },
  { target: "prod" },
  { endpoint: { port: 9003, redirectFrom: 9002 } },
  { endpoint: { port: 9001, redirectFrom: 9003 } },
  { google: { staticContent: { archive: "arc-000000000001" } } },
])("the server is asked again about %j", (change) => {
  expect(serverQuestion(input(change))).not.toBe(serverQuestion(input({})));
});

test("it isn't asked about what the page can judge by itself", () => {
  expect(serverQuestion(input({ ttlMinutes: 60 }))).toBe(serverQuestion(input({})));
});
