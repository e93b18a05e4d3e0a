import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { keyFor } from "#e2e/cloud/api-for-test.ts";
import { googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import { openApi } from "#infra/google/open-api.ts";
import type { OpenedProject } from "#lib/targets/open-target.ts";
import { toKeyFile } from "#lib/targets/gke/credentials.ts";

let google: Awaited<ReturnType<typeof googleForTest>>["google"];
let folder: string;
beforeAll(async () => {
  ({ google } = await googleForTest());
  folder = await mkdtemp(path.join(tmpdir(), "sluice-worker-tokens-"));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await google.close();
  await rm(folder, { recursive: true });
});

const target: OpenedProject = {
  kind: "gke",
  id: "tgt-1",
  name: "lab",
  credentials: { from: "worker" },
  settings: {
    project,
    location: "us-central1",
    account: "worker",
    nodeServiceAccount: null,
    imagePrefix: null,
    proxyImage: null,
  },
};

test("whoever the worker's own account is by now asks, without a new start", async () => {
  const file = path.join(folder, "credentials.json");
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", file);
  const first = keyFor(google);
  await writeFile(file, toKeyFile(first));
  const api = await openApi(target, google.url);
  const held = await api.tokens.token();
  expect((await api.tokens.token()).value).toBe(held.value);

  google.tokens.removeServiceAccountKey(first.privateKeyId);
  api.tokens.drop(held.value);
  await expect(api.tokens.token()).rejects.toMatchObject({ code: "account_gone" });

  await writeFile(file, toKeyFile(keyFor(google)));
  const { value } = await api.tokens.token();
  expect(google.tokens.accountOf(value)).toEqual({ email: owner });

  await writeFile(file, "{}");
  await expect(api.tokens.token()).rejects.toMatchObject({ name: "CredentialsError" });
});
