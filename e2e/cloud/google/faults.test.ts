import { afterEach, beforeEach, expect, test } from "vitest";
import { googleForTest } from "#e2e/cloud/google/google-for-test.ts";
import {
  clusterBody,
  clusters,
  global,
  makeNetwork,
  must,
  refusal,
} from "#e2e/cloud/google/graph-for-test.ts";

let held: Awaited<ReturnType<typeof googleForTest>>;
beforeEach(async () => {
  held = await googleForTest();
});
afterEach(() => held.google.close());

const path = `${global}/addresses`;
const exists = async (name: string) => (await held.ask("GET", `${path}/${name}`)).status === 200;

test("the nth call is refused, and those around it aren't", async () => {
  const { ask, google } = held;
  google.faults.answer(
    { method: "POST", path: /\/addresses$/, nth: 2 },
    { code: 503, reason: "backendError", message: "Try again." },
  );
  const answers = [];
  for (const name of ["a", "b", "c"]) answers.push((await ask("POST", path, { name })).status);
  expect(answers).toEqual([200, 503, 200]);
  expect(await exists("b")).toBe(false);
});

test("a call is refused by the name that it has in its body", async () => {
  const { ask, google } = held;
  google.faults.answer(
    { method: "POST", path: /\/addresses$/, naming: "b" },
    { code: 400, reason: "invalid", message: "Not b." },
  );
  const answers = [];
  for (const name of ["bb", "a", "b", "b"]) answers.push((await ask("POST", path, { name })).status);
  expect(answers).toEqual([200, 200, 400, 200]);
});

test("an answer or the connection may be lost after the work is done", async () => {
  const { ask, google } = held;
  google.faults.answerAfter(
    { method: "POST", path: /\/addresses$/ },
    { code: 500, reason: "internalError", message: "Lost." },
  );
  expect(await ask("POST", path, { name: "a" })).toMatchObject(refusal(500, "internalError", /Lost/));
  expect(await exists("a")).toBe(true);
  google.faults.cut({ method: "POST", path: /\/addresses$/ }, { after: true });
  await expect(ask("POST", path, { name: "b" })).rejects.toThrow(/fetch failed/);
  expect(await exists("b")).toBe(true);
  google.faults.cut({ method: "POST", path: /\/addresses$/ }, { after: false });
  await expect(ask("POST", path, { name: "c" })).rejects.toThrow(/fetch failed/);
  expect(await exists("c")).toBe(false);
});

test("an operation ends in an error: what was to be made isn't there, what was to go stays", async () => {
  const { ask, google } = held;
  const error = { code: "INTERNAL_ERROR", message: "Internal error. Please try again." };
  google.faults.operation({ method: "POST", path: /\/addresses$/ }, error);
  expect((await ask("POST", path, { name: "a" })).body).toMatchObject({
    status: "DONE",
    error: { errors: [error] },
  });
  expect(await exists("a")).toBe(false);
  await must(ask, "POST", path, { name: "a" });
  google.faults.operation({ method: "DELETE", path: /\/addresses\/a$/ }, error);
  expect((await ask("DELETE", `${path}/a`)).body).toMatchObject({ error: { errors: [error] } });
  expect(await exists("a")).toBe(true);
  await must(ask, "DELETE", `${path}/a`);
});

test("a cluster whose creation failed is there in ERROR, and can be deleted", async () => {
  const { ask, google } = held;
  await makeNetwork(ask);
  google.faults.operation(
    { method: "POST", path: /\/clusters$/ },
    { code: "UNKNOWN", message: "Something went wrong." },
  );
  expect((await ask("POST", clusters, clusterBody())).body).toMatchObject({
    error: { message: "Something went wrong." },
  });
  expect(await must(ask, "GET", `${clusters}/c`)).toMatchObject({
    status: "ERROR",
    statusMessage: "Something went wrong.",
  });
  await must(ask, "DELETE", `${clusters}/c`);
  expect(google.store.list(`container/projects/demo-proj/locations/us-central1-a/clusters`)).toEqual([]);
});
