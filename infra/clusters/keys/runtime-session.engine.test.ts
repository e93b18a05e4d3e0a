import net from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runtimeSession } from "#infra/clusters/keys/runtime-session.ts";
import { fakeCluster, type FakeCluster } from "#infra/haproxy/fixtures/cluster.ts";
import { keyMapCommands, parseShownMap } from "#infra/haproxy/key-map.ts";
import { sha256, until } from "#infra/local-runtime/fixtures/harness.ts";
import { testOptions } from "#infra/local-runtime/fixtures/options-for-test.ts";
import { routingSets } from "#lib/routing/routing-cases.ts";

let cluster: FakeCluster;
let stream: net.Socket;
let file: string;

beforeAll(async () => {
  const options = testOptions({ home: "/nowhere", databaseUrl: "postgres://nobody@127.0.0.1:1/none" });
  const haproxy = (await options.obtainHaproxy(new AbortController().signal)).path;
  const set = routingSets.find(({ access }) => access === "private")!;
  cluster = await fakeCluster(haproxy, set, [sha256("old")]);
  const { adminPort, keyMap } = cluster.proxies[0]!.model;
  file = keyMap;
  stream = await until(
    () =>
      new Promise<net.Socket | undefined>((resolve) => {
        const socket = net.connect(adminPort, "127.0.0.1", () => resolve(socket));
        socket.once("error", () => resolve(undefined));
      }),
  );
});
afterAll(async () => {
  stream.destroy();
  await cluster.close();
});

test("two thousand keys go to HAProxy in one go, and each answer is that of its command", async () => {
  let written = 0;
  const write = stream.write.bind(stream) as (text: string) => boolean;
  stream.write = (text: string) => {
    written++;
    return write(text);
  };
  const session = await runtimeSession(stream);
  const shown = async () => parseShownMap(await session.ask(`show map ${file}`))!;
  const wanted = new Map(Array.from({ length: 2_000 }, (_, n) => [sha256(`key ${n}`), "key"]));
  const commands = keyMapCommands(file, await shown(), wanted);
  expect(commands).toHaveLength(2_001);
  const before = written;
  const answers = await session.askAll(commands.toSpliced(1_000, 0, "add map /no/such/map a b"));
  expect(written - before).toBe(1);
  expect(answers).toHaveLength(2_002);
  expect(answers.filter((answer) => answer !== "")).toEqual([answers[1_000]]);
  expect(answers[1_000]).toMatch(/^Unknown map/);
  expect(await shown()).toEqual(wanted);
});
