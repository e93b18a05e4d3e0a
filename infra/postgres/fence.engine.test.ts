import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { onDatabase } from "#infra/postgres/connect.ts";
import { setUpGiven, type Databases } from "#infra/postgres/databases.ts";
import { clearStackState, raiseStackFence } from "#infra/postgres/stack-fence.ts";

// The real engine against the real table: what it writes, and what stops it.

const name = `fence_${randomBytes(4).toString("hex")}`;
const stackName = "dep-fence";
let databases: Databases;
let folder: string;

beforeAll(async () => {
  const adminUrl = inject("postgresUrl");
  await onDatabase(adminUrl, (client) => client.query(`create database ${name}`));
  const url = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  databases = await setUpGiven(url, undefined, randomBytes(32));
  folder = await mkdtemp(path.join(tmpdir(), "sluice-fence-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await onDatabase(inject("postgresUrl"), async (client) => {
    await client.query(`drop database ${name}_state with (force)`);
    await client.query(`drop database ${name} with (force)`);
    await client.query(`drop role ${name}_engine`);
  });
});

/** The stack as an attempt with this fence has it. */
async function stackWith(fence: number, program: () => Promise<Record<string, unknown>>): Promise<Stack> {
  const engine = await testEngine();
  const backend = new URL(databases.stateEngineUrl);
  backend.searchParams.set("sluice.fence", String(fence));
  return LocalWorkspace.createOrSelectStack(
    { stackName, projectName: "sluice", program },
    {
      workDir: folder,
      pulumiCommand: await PulumiCommand.get({ root: path.resolve(engine.path, "../..") }),
      projectSettings: { name: "sluice", runtime: "nodejs", backend: { url: backend.href } },
      envVars: {
        PULUMI_BACKEND_URL: backend.href,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_HOME: path.join(folder, "home"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    },
  );
}

async function rowsOfStack(): Promise<number> {
  return onDatabase(databases.statePortalUrl, async (client) => {
    const { rows } = await client.query<{ n: number }>(
      "select count(*)::int as n from pulumi_state where key like $1",
      [`%${stackName}%`],
    );
    return rows[0]!.n;
  });
}

test("the engine works under the newest fence, and not under an older one", { timeout: 60_000 }, async () => {
  await raiseStackFence(databases.statePortalUrl, stackName, 7);
  const stack = await stackWith(7, async () => ({ answer: 42 }));
  const { outputs } = await stack.up();
  expect(outputs.answer?.value).toBe(42);

  await raiseStackFence(databases.statePortalUrl, stackName, 8);
  await expect(stack.up()).rejects.toThrow(`stale fence 7 for ${stackName}, current 8`);
});

test("raising the fence stops an engine that is at work", { timeout: 180_000 }, async () => {
  const stack = await stackWith(8, async () => {
    // In the middle of the program: the engine holds its lock and has written already.
    await raiseStackFence(databases.statePortalUrl, stackName, 9);
    return { answer: 43 };
  });
  await expect(stack.up()).rejects.toThrow(`stale fence 8 for ${stackName}, current 9`);
});

test(
  "the next attempt takes over, and after its end nothing of the stack is left",
  { timeout: 60_000 },
  async () => {
    const stack = await stackWith(9, async () => ({ answer: 44 }));
    await stack.cancel(); // the lock of the one that was stopped
    const { outputs } = await stack.up();
    expect(outputs.answer?.value).toBe(44);
    await stack.destroy();
    await stack.workspace.removeStack(stackName);
    // What the engine itself forgets: the .bak file and backups.
    expect(await rowsOfStack()).toBeGreaterThan(0);
    await expect(clearStackState(databases.statePortalUrl, stackName, 8)).rejects.toThrow(/stale fence/);
    expect(await clearStackState(databases.statePortalUrl, stackName, 9)).toBeGreaterThan(0);
    expect(await rowsOfStack()).toBe(0);
  },
);
