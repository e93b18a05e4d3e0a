import type { EngineState } from "#infra/engine/driver.ts";
import type { EngineStep } from "#infra/engine/pulumi-look.ts";
import type { StackSecrets } from "#infra/engine/stack-secrets.ts";
import type { KubernetesInput } from "#infra/targets/kubernetes/program.ts";
import type { FailureCode } from "#lib/deployments/status.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import type { OperationKind } from "#lib/operations/status.ts";
import type { DriftItem } from "#lib/targets/drift.ts";
import type { WorkerCredentials } from "#lib/targets/gke/credentials.ts";
import type { GkeSecrets, GkeSettings } from "#lib/targets/gke/settings.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** All that a runner needs to know, by message: nothing secret is in its environment or arguments. */
export type Job = {
  operationId: string;
  deploymentId: string;
  kind: OperationKind;
  fence: number;
  spec: Spec;
  plan: PlannedResource[];
  /** what the engine made before; null: it has to be asked */
  before: PlannedResource[] | null;
  /** what isn't as it was declared, as far as is known: then the engine looks before it believes its memory */
  drifted: DriftItem[];
  /** no operation of this deployment ever began before */
  isNew: boolean;
  /** the last one didn't end well: a lock or unfinished steps may be there */
  mayBeDirty: boolean;
  /** `pluginFolders`: where the engine finds plugins, beside ours and those of PATH */
  engine: { path: string; version: string; pluginFolders?: string[] };
  folder: string;
  stateUrl: string;
  secrets: StackSecrets;
  target: JobTarget;
  probeKey: string | null;
  /** how long the engine may take to stop when it is cancelled, in milliseconds */
  patienceMs: number;
};

/** What a runner needs to know to look at a deployment, or at one that might be: nothing is changed by it. */
export type LookJob = Pick<
  Job,
  "deploymentId" | "spec" | "plan" | "isNew" | "engine" | "folder" | "stateUrl" | "secrets" | "patienceMs"
> & {
  jobId: string;
  /** `preview`: what would be changed; `drift`: what isn't as it was declared */
  kind: "preview" | "drift";
  target: Exclude<JobTarget, { kind: "local" }>;
};

export type Looked =
  | { ok: true; kind: "preview"; steps: EngineStep[] }
  | { ok: true; kind: "drift"; items: DriftItem[] }
  | Extract<Result, { ok: false }>;

/** Where it runs, and what its program needs of there. */
export type JobTarget =
  | { kind: "local"; runtimeSocket: string }
  | ({ kind: "kubernetes" } & KubernetesInput & {
        /** what people reach the cluster's nodes by; null: an address that the cluster says */
        publicHost: string | null;
      })
  | {
      kind: "gke";
      settings: GkeSettings;
      secrets: GkeSecrets;
      credentials: WorkerCredentials;
      /** where Google's APIs are instead of at Google; null: there */
      googleEndpoint: string | null;
      /** the static files, a zip in base64; null: there are none */
      archive: string | null;
    };

export type Result =
  | { ok: true; endpoint: EndpointView | null }
  | {
      ok: false;
      code: FailureCode;
      message: string;
      logLines: string[];
      /** what not everybody may read, such as a cluster's address: for the worker's log alone */
      detail?: string;
    };

export type ToRunner = { type: "job"; job: Job } | { type: "look"; job: LookJob } | { type: "cancel" };

export type FromRunner =
  /** the engine's SDK is loaded: the runner waits for its job */
  | { type: "loaded" }
  | { type: "event"; at: string; event: OperationEvent }
  /** where it will be reached, as soon as that is known */
  | { type: "address"; endpoint: EndpointView }
  | { type: "result"; result: Result }
  | { type: "looked"; looked: Looked }
  /** after the result, so that nobody waits for it */
  | { type: "exported"; state: EngineState };
