import pino from "pino";
import { expect, test } from "vitest";
import { EngineError } from "#infra/engine/driver.ts";
import { persistently } from "#infra/worker/persistently.ts";

const log = pino({ level: "silent" });

function failing(times: number, error: Error) {
  const tried = { count: 0 };
  const work = async () => {
    tried.count += 1;
    if (tried.count <= times) throw error;
    return "done";
  };
  return { tried, work };
}

test("it waits for a database that is away as long as it takes", async () => {
  const { work } = failing(50, Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
  expect(await persistently(log, work, 0)).toBe("done");
});

test("another failure is tried a few times and then told; one of the engine's at once", async () => {
  const passing = failing(2, new Error("deadlock"));
  expect(await persistently(log, passing.work, 0)).toBe("done");
  const defect = failing(50, new Error("x is undefined"));
  await expect(persistently(log, defect.work, 0)).rejects.toThrow("x is undefined");
  expect(defect.tried.count).toBe(3);
  const told = failing(50, new EngineError("secret_unreadable", "Another key."));
  await expect(persistently(log, told.work, 0)).rejects.toThrow("Another key.");
  expect(told.tried.count).toBe(1);
});
