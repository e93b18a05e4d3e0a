import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { takePort, takeQuietPort } from "./portal/take-port.ts";

const root = path.join(fileURLToPath(import.meta.url), "../..");

/**
 * Starts the real portal as a person does, in an empty data folder of mode 0700, and stops it at the end.
 * With SLUICE_TEST_URL set, a portal that already runs is used instead; then SLUICE_TEST_GOOGLE is its SLUICE_GOOGLE_ENDPOINT.
 */
export default async function startPortal() {
  if (process.env.SLUICE_TEST_URL) return;
  const home = await mkdtemp(path.join(tmpdir(), "sluice-e2e-"));
  const { port, release } = await takePort();
  // Where the portal looks for Google's APIs, unless it is told: a spec that needs them serves a model of them there.
  const google = await takeQuietPort();
  await Promise.all([release(), google.release()]);
  const googleUrl = process.env.SLUICE_GOOGLE_ENDPOINT ?? `http://127.0.0.1:${google.port}`;
  const child = spawn(process.execPath, ["infra/start/start.mjs"], {
    cwd: root,
    env: {
      ...process.env,
      SLUICE_HOME: home,
      PORT: String(port),
      SLUICE_GOOGLE_ENDPOINT: googleUrl,
      NODE_ENV: "production",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ready = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`The portal wasn't ready in 5 minutes:\n${output}`)),
      300_000,
    );
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const link = /https?:\/\/\S+\/sign-in\/link\/\S+/.exec(output)?.[0];
      if (!link) return;
      clearTimeout(timer);
      resolve(link);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("exit", (code) =>
      reject(new Error(`The portal ended with ${code} before it was ready:\n${output}`)),
    );
  });
  process.env.SLUICE_TEST_URL = `http://localhost:${port}`;
  process.env.SLUICE_TEST_HOME = home;
  process.env.SLUICE_TEST_GOOGLE = googleUrl;
  process.env.SLUICE_TEST_SIGN_IN_LINK = await ready;
  return async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    await mkdir(path.join(root, "test-results"), { recursive: true });
    await writeFile(path.join(root, "test-results/portal.log"), output);
    await rm(home, { recursive: true, force: true });
  };
}
