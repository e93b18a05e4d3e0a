import net, { type AddressInfo } from "node:net";
import { once } from "node:events";
import pino from "pino";
import { expect, test } from "vitest";
import { EngineError } from "#infra/engine/driver.ts";
import { RuntimeError } from "#infra/local-runtime/provider/runtime-client.ts";
import { onDatabase } from "#infra/postgres/connect.ts";
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

const fail = () => Promise.reject(new Error("Nothing listens there."));

test("it waits for a database that is away as long as it takes", async () => {
  const { work } = failing(50, Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
  expect(await persistently(log, work, 0)).toBe("done");
});

test("a state database that refuses connections is waited for like the portal's", async () => {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  let tried = 0;
  const work = () =>
    ++tried > 5 ? Promise.resolve("done") : onDatabase(`postgres://a:b@127.0.0.1:${port}/c`, fail);
  expect(await persistently(log, work, 0)).toBe("done");
});

test("a target that refuses connections isn't waited for: it is no database", async () => {
  const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  const away = failing(
    50,
    new RuntimeError({ code: "target_unreachable", message: "Down.", logLines: [] }, refused),
  );
  await expect(persistently(log, away.work, 0)).rejects.toThrow("Down.");
  expect(away.tried.count).toBe(3);
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
