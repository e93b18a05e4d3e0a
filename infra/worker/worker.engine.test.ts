import { afterAll, beforeAll, expect, test } from "vitest";
import { storyOf, workerBench, type Bench } from "#infra/worker/bench-for-test.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await workerBench();
  bench.start();
});
afterAll(() => bench.close());

test("a deployment is made, answers, and is torn down with a receipt", async () => {
  const deployment = await bench.deployment();
  const operation = await bench.enqueue(deployment, "deploy");
  await bench.ended(operation); console.log(await bench.user.db.operationEvent.findMany({where:{operationId:operation}, select:{data:true}}).then(r=>r.map(x=>JSON.stringify(x.data)).join("\n")));
  expect(await bench.ended(operation)).toBe("succeeded");
  expect(await storyOf(bench.user, operation)).toEqual([
    "queued…",
    "queued done",
    "planning…",
    "planning done",
    "creating…",
    "starting…",
    "creating done",
    "starting done",
    "health…",
    "health done",
    "first_answer…",
    "first_answer done",
    "succeeded",
  ]);
});
