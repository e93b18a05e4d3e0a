import type {
  CheckResult,
  CreateResult,
  DiffResult,
  Provider,
  ReadResult,
  UpdateResult,
} from "@pulumi/pulumi/provider/index.js";
import { changedInputs, replacingInputs } from "#lib/targets/diff-plan.ts";
import { commandFor, typeOf, type Inputs } from "#infra/local-runtime/provider/commands.ts";
import { failureText } from "#infra/local-runtime/provider/failure.ts";
import { RuntimeError, type RuntimeClient } from "#infra/local-runtime/provider/runtime-client.ts";

/** Failures after which nothing was made, so that the engine needn't remember the thing. */
const nothingMade: readonly string[] = [
  "stale_fence",
  "port_taken",
  "target_unreachable",
  "load_balancer_missing",
];

/**
 * The `local` target's resources: each is one command to the runtime. A resource's outputs are its inputs and,
 * beside them in `state`, what the runtime answered.
 */
export function localProvider(runtime: RuntimeClient): Provider {
  const stopping = new AbortController();

  const put = async (urn: string, inputs: Inputs): Promise<{ id: string; outs: Inputs }> => {
    const { path, body } = commandFor(typeOf(urn), inputs);
    try {
      const state = await runtime.send("PUT", path, body, stopping.signal);
      return { id: path, outs: { ...inputs, state } };
    } catch (error) {
      throw forEngine(error, path, inputs);
    }
  };

  return {
    version: "1.0.0",
    async check(_urn: string, _olds: Inputs, news: Inputs): Promise<CheckResult> {
      return { inputs: news };
    },
    async diff(_id: string, _urn: string, olds: Inputs, news: Inputs): Promise<DiffResult> {
      const { state: _state, ...before } = olds;
      const fields = changedInputs(before, news);
      return {
        changes: fields.length > 0,
        replaces: fields.filter((field) => replacingInputs.includes(field)),
        // Names are deterministic: the new one has the old one's name.
        deleteBeforeReplace: true,
      };
    },
    async create(urn: string, inputs: Inputs): Promise<CreateResult> {
      return put(urn, inputs);
    },
    async update(_id: string, urn: string, _olds: Inputs, news: Inputs): Promise<UpdateResult> {
      return { outs: (await put(urn, news)).outs };
    },
    async delete(_id: string, urn: string, props: Inputs): Promise<void> {
      const { path } = commandFor(typeOf(urn), props);
      try {
        await runtime.send("DELETE", path, undefined, stopping.signal);
      } catch (error) {
        throw forEngine(error);
      }
    },
    async read(id: string, _urn: string, props?: Inputs): Promise<ReadResult> {
      return { id, props: props ?? {} };
    },
    async cancel(): Promise<void> {
      stopping.abort();
    },
  };
}

/**
 * With an `id`, the engine remembers the thing as made but unwell: the next attempt puts it right, or deletes it
 * if it isn't wanted any more. Its reasons end in the engine's state, so a replica's log lines, which may say
 * anything, go another way: what a plugin writes to its standard error is told by the engine and kept nowhere.
 */
function forEngine(error: unknown, id?: string, inputs?: Inputs): Error {
  if (!(error instanceof RuntimeError)) return error instanceof Error ? error : new Error(String(error));
  const { failure } = error;
  if (failure.logLines.length > 0) process.stderr.write(`${failureText(failure)}\n`);
  const text = failureText({ ...failure, logLines: [] });
  const told = new Error(text);
  if (!id || nothingMade.includes(failure.code)) return told;
  return Object.assign(told, { id, properties: { ...inputs, state: null }, reasons: [text] });
}
