import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/gcp/provider.js";
import { googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import type { Google, Options } from "#e2e/cloud/google/serve.ts";
import { engineEnvironment } from "#infra/engine/child-environment.ts";
import type { EngineStack } from "#infra/engine/driver.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { pulumiStack } from "#infra/engine/pulumi-driver.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { newId } from "#lib/ids.ts";
import { secretsForTest } from "#lib/targets/gke/forms-for-test.ts";
import { planOf, isGoogles } from "#lib/targets/gke/plan-for-test.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { gkeTypes, ignoredChanges } from "#lib/targets/gke/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";
import { selfSigned } from "#lib/tls/self-signed.ts";
import { secretName } from "#lib/targets/secret-input.ts";

const nodes = `nodes@${project}.iam.gserviceaccount.com`;

export type CloudBench = {
  google: Google;
  /** a key of the project's owner, as the runner gives it to the plugin */
  key: string;
  /** The engine's stack of a deployment. @param how what the plugin finds in its environment, and its arguments */
  stack(how?: {
    env?: Record<string, string>;
    args?: Record<string, unknown>;
    options?: (planned: PlannedResource) => pulumi.CustomResourceOptions;
  }): Promise<EngineStack>;
  /** Forgets the stack's memory: the next one begins anew. */
  forget(): void;
  close(): Promise<void>;
};

/** The engine with the stand-in, and a model of Google's APIs that it asks. */
export async function cloudBench(options: Omit<Options, "documents"> = {}): Promise<CloudBench> {
  const engine = await testEngine();
  const { google } = await googleForTest(options);
  google.addServiceAccount(project, nodes);
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-cloud-stand-in-"));
  mkdirSync(path.join(folder, "state"));
  const secrets = await newStackSecrets();
  let deploymentId = newId("dep");
  const key = JSON.stringify(google.tokens.addServiceAccountKey(owner, project));
  let isNew = true;
  return {
    google,
    key,
    stack({ env = { GOOGLE_CREDENTIALS: key }, args = {}, options = () => ({}) } = {}) {
      const base = engineEnvironment(process.env, {
        cliPath: engine.path,
        pluginFolders: [import.meta.dirname],
        folder: path.join(folder, "work"),
        stateUrl: `file://${path.join(folder, "state")}`,
        passphrase: secrets.passphrase,
        operationId: newId("op"),
        deploymentId,
        fence: 1,
        runtimeSocket: null,
      });
      const made = pulumiStack({
        cliPath: engine.path,
        cliVersion: engine.version,
        name: deploymentId,
        folder: path.join(folder, "work"),
        secrets,
        env: { ...base, ...env },
        program: programOf({ ...endpointArgs(google), ...args }, options),
        runsAtDestroy: true,
        isNew,
        patienceMs: 20_000,
      });
      isNew = false;
      return made;
    },
    forget() {
      deploymentId = newId("dep");
      isNew = true;
    },
    async close() {
      await google.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const endpointArgs = ({ endpoints }: Google) => ({
  project,
  computeCustomEndpoint: endpoints.compute,
  containerCustomEndpoint: endpoints.container,
  storageCustomEndpoint: endpoints.storage,
});

/** The SDK's classes would leave out inputs that they don't know: here the plugin gets all. */
class Registered extends pulumi.CustomResource {}

/** Registers a plan's resources of Google's; what is in the cluster isn't this plugin's. */
function programOf(
  args: Record<string, unknown>,
  options: (planned: PlannedResource) => pulumi.CustomResourceOptions,
) {
  return (plan: PlannedResource[], onRegistered: () => void = () => {}) =>
    async (): Promise<Record<string, pulumi.Output<unknown>>> => {
      const provider = new Provider("google", args);
      const made = new Map<string, pulumi.CustomResource>();
      for (const planned of plan) {
        const { type, name, inputs, dependsOn } = planned;
        const resource = new Registered(type, name, withSecrets(inputs) as pulumi.Inputs, {
          provider,
          dependsOn: dependsOn.flatMap((before) => made.get(before) ?? []),
          ignoreChanges: ignoredChanges[type] ?? [],
          ...options(planned),
        });
        made.set(resourceKey(planned), resource);
      }
      onRegistered();
      return {};
    };
}

async function secretValue(name: string): Promise<unknown> {
  return name === "certificateKey" ? (await given).key : (secretsForTest as Record<string, unknown>)[name];
}

function withSecrets(value: unknown): unknown {
  const name = secretName(value);
  if (name !== null) return pulumi.secret(secretValue(name));
  if (Array.isArray(value)) return value.map(withSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withSecrets(inner)]));
}

/** What of a form's plan is Google's. Its certificate is a real one: Google reads it. */
export async function googlesOf(form: string, change: Partial<GkeSettings> = {}): Promise<PlannedResource[]> {
  const { certificate } = await given;
  return planOf(form, { nodeServiceAccount: nodes, ...change })
    .filter(isGoogles)
    .map((one) =>
      one.type === gkeTypes.certificate ? { ...one, inputs: { ...one.inputs, certificate } } : one,
    );
}

const given = selfSigned("model.example.com", new Date());

/** Keys of all that is kept, without what was there before. */
export function left({ store }: Google): string[] {
  return store
    .all()
    .map(({ key }) => key)
    .filter((key) => !key.startsWith("iam/"));
}

/** Groups of pods' addresses come with the network and go with their services: GKE's controllers see to them. */
export function keepGroups({ store }: Google, plan: PlannedResource[]): void {
  const services = plan.filter(({ type }) => type === gkeTypes.backendService);
  const wanted = services.flatMap(({ inputs }) =>
    (inputs.backends as { group: string }[]).map(({ group }) => group),
  );
  const networkName = String(plan.find(({ type }) => type === gkeTypes.network)?.inputs.name);
  const network = `compute/projects/${project}/global/networks/${networkName}`;
  const isUsed = () => store.list(`compute/projects/${project}/global/backendServices`).length > 0;
  let state: "none" | "made" | "used" | "gone" = "none";
  store.watch(() => {
    if (state === "none" && store.get(network)) {
      state = "made";
      for (const key of wanted.map(keyOf)) store.put(key, { name: key.split("/").at(-1)! }, [network]);
    }
    if (state === "made" && isUsed()) state = "used";
    if (state === "used" && !isUsed()) {
      state = "gone";
      for (const key of wanted.map(keyOf)) store.remove(key);
    }
  });
}

const keyOf = (group: string) => `compute/${group.replace(/^.*\/compute\/v1\//, "")}`;
