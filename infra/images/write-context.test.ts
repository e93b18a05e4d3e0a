import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { writeContext } from "#infra/images/write-context.ts";
import { catalogue } from "#lib/models/catalogue.ts";

const root = path.resolve(import.meta.dirname, "../..");

test.each(catalogue.filter(({ entry }) => entry))(
  "what the image of $id is built from is all that its server needs: it answers, on TCP, by the pod's name",
  { timeout: 60_000 },
  async ({ id, example, healthPath }) => {
    await using folder = await temporary();
    const entry = await writeContext(id, folder.path);
    const child = spawn(process.execPath, [path.join(folder.path, entry)], {
      cwd: folder.path,
      env: { HOST: "*", PORT: "0", NODE_ENV: "production" } as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      let port = 0;
      for await (const line of createInterface(child.stdout)) {
        const said = JSON.parse(line) as { event: string; port?: number; replica: string };
        expect(said.event, line).toMatch(/^(listening|ready)$/);
        port ||= said.port ?? 0;
        if (said.event === "ready") break;
      }
      const health = await fetch(`http://127.0.0.1:${port}${healthPath}`);
      expect(health.status).toBe(200);
      expect(port).toBeGreaterThan(0);
      expect(health.headers.get("x-sluice-replica")).toBe(hostname());
      const body = example.sampleFile
        ? await readFile(path.join(root, "public", example.sampleFile))
        : example.body;
      const headers = { "content-type": example.contentType };
      const answer = await fetch(`http://127.0.0.1:${port}${example.path}`, {
        method: "POST",
        headers,
        body,
      });
      expect(answer.status, await answer.text()).toBe(200);
    } finally {
      child.kill();
      await once(child, "exit");
    }
  },
);

test("a model without a source here has no image", async () => {
  await expect(writeContext("vllm", "/nowhere")).rejects.toThrow("no model vllm");
});

async function temporary(): Promise<AsyncDisposable & { path: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-context-test-"));
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
