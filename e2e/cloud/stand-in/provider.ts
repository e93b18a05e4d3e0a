import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type * as Proto from "@pulumi/pulumi/proto/provider_pb.js";
import { checkResource } from "#e2e/cloud/stand-in/check-resource.ts";
import { cloudOf, type Cloud } from "#e2e/cloud/stand-in/cloud.ts";
import { diffInputs } from "#e2e/cloud/stand-in/diff-inputs.ts";
import { changedFields, keptInputs, liveInputs, readBody } from "#e2e/cloud/stand-in/fields.ts";
import { Unfinished, type Kind, type Live, type Run } from "#e2e/cloud/stand-in/kind.ts";
import { kinds } from "#e2e/cloud/stand-in/kinds/by-type.ts";
import { checkConfig, diffConfig, readConfig } from "#e2e/cloud/stand-in/provider-config.ts";
import { withinTime } from "#e2e/cloud/stand-in/within-time.ts";
import { tokenSource } from "#e2e/cloud/stand-in/token-source.ts";
import { checked, clear, different, typeOf, unary, withSetters } from "#e2e/stand-in/answers.ts";
import { initFailed } from "#e2e/stand-in/init-failed.ts";
import { Empty, fieldsOf, PluginInfo, proto, structOf, type Fields } from "#e2e/stand-in/protocol.ts";
import { opened, wrappedLike } from "#e2e/stand-in/secret-values.ts";
import type { Clock } from "#lib/clock.ts";
import type { GkeType } from "#lib/targets/gke/types.ts";
import packageJson from "../../../package.json" with { type: "json" };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Serves what the engine asks of a provider, by Google's APIs at the addresses that the program gives. It asks what
 * the real plugin asks for the kinds that Sluice's programs register, and is stricter: whatever the SDK doesn't
 * declare is refused before anything is made.
 */
export function standInProvider(environment: Environment, clock: Clock): UntypedServiceImplementation {
  let cloud: Cloud | null = null;
  const stopping = new AbortController();
  const within = <Result>(seconds: number, work: (run: Run) => Promise<Result>): Promise<Result> => {
    if (!cloud) throw new Error("The provider wasn't configured.");
    const own = cloud;
    return withinTime(seconds, stopping.signal, (signal) =>
      work({ cloud: own, signal, stopping: stopping.signal }),
    ).catch((error: unknown) => {
      throw inPluginsWords(error);
    });
  };
  const configured = (): Cloud => {
    if (!cloud) throw new Error("The provider wasn't configured.");
    return cloud;
  };

  return {
    getPluginInfo: unary(() =>
      withSetters(new PluginInfo(), { setVersion: packageJson.dependencies["@pulumi/gcp"] }),
    ),
    cancel: unary(() => {
      stopping.abort(new Error("it was cancelled"));
      return new Empty();
    }),
    attach: unary(() => new Empty()),
    checkConfig: unary((request: Proto.CheckRequest) =>
      checked(request, checkConfig(clear(request.getNews()), environment)),
    ),
    diffConfig: unary((request: Proto.DiffRequest) => {
      const olds = clear(request.getOldInputs() ?? request.getOlds());
      return different(diffConfig(olds, clear(request.getNews())));
    }),
    configure: unary((request: Proto.ConfigureRequest) => {
      const config = readConfig(clear(request.getArgs()), environment);
      cloud = cloudOf(config, tokenSource(config.credentials, clock));
      return withSetters(new proto.ConfigureResponse(), {
        setAcceptsecrets: true,
        setSupportspreview: false,
      });
    }),
    check: unary((request: Proto.CheckRequest) =>
      checked(request, checkResource(typeOf(request.getUrn()), clear(request.getNews()))),
    ),
    diff: unary((request: Proto.DiffRequest) => {
      const [before, after] = [clear(request.getOldInputs()), clear(request.getNews())];
      const found = diffInputs(kindOf(request), before, clear(request.getOlds()), after);
      // A name that stays can't be there twice, so the old one goes first.
      return different(found, found.replaces.length > 0 && before.name === after.name);
    }),
    create: unary(async (request: Proto.CreateRequest) => {
      const kind = kindOf(request);
      const given = fieldsOf(request.getProperties());
      const inputs = opened(given) as Fields;
      const id = kind.idOf(configured(), inputs);
      const live = await within(request.getTimeout() || kind.patience.create, (run) =>
        kind.create(run, inputs, id).catch((error: unknown) => {
          throw remembered(kind, id, given, error);
        }),
      );
      return withSetters(new proto.CreateResponse(), {
        setId: id,
        setProperties: structOf(stateOf(kind, id, given, live)),
      });
    }),
    update: unary(async (request: Proto.UpdateRequest) => {
      const kind = kindOf(request);
      const given = fieldsOf(request.getNews());
      const inputs = opened(given) as Fields;
      const [before, state] = [clear(request.getOldInputs()), clear(request.getOlds())];
      const changed = changedFields(kind.fields, before, state, inputs);
      const live = await within(request.getTimeout() || kind.patience.update, (run) =>
        kind.update(run, request.getId(), { before, inputs, state, changed }),
      );
      return withSetters(new proto.UpdateResponse(), {
        setProperties: structOf(stateOf(kind, request.getId(), given, live)),
      });
    }),
    read: unary(async (request: Proto.ReadRequest) => {
      const kind = kindOf(request);
      const id = kind.idFrom(configured(), request.getId());
      const given = fieldsOf(request.getInputs());
      const isImport = Object.keys(given).length === 0;
      const live = await within(kind.patience.create, (run) =>
        kind.read(run, id, clear(request.getProperties())),
      );
      if (!live) return new proto.ReadResponse();
      const seen = { ...kind.fromId(id), ...readBody(kind.fields, live) };
      const found = liveInputs(kind.fields, isImport ? null : (opened(given) as Fields), seen);
      const inputs = isImport ? { ...found, ...kind.fromId(id) } : found;
      return withSetters(new proto.ReadResponse(), {
        setId: id,
        setProperties: structOf(stateOf(kind, id, isImport ? inputs : given, live)),
        setInputs: structOf(wrappedLike(given, inputs)),
      });
    }),
    delete: unary(async (request: Proto.DeleteRequest) => {
      const kind = kindOf(request);
      const state = clear(request.getProperties());
      if (state.deletionPolicy === "ABANDON") return new Empty();
      if (state.deletionPolicy === "PREVENT") {
        throw new Error(`cannot destroy ${request.getId()} because deletion_policy is set to PREVENT`);
      }
      await within(request.getTimeout() || kind.patience.delete, (run) =>
        kind.remove(run, request.getId(), state),
      );
      return new Empty();
    }),
  };
}

function kindOf(request: { getUrn(): string }): Kind {
  const type = typeOf(request.getUrn());
  const kind = kinds[type as GkeType] as Kind | undefined;
  if (!kind) throw new Error(`This stand-in has no ${type}.`);
  return kind;
}

/** What the engine remembers of a thing: all that Google says, and what only the plugin knows. Secrets stay secret. */
function stateOf(kind: Kind, id: string, given: Fields, live: Live): Fields {
  const inputs = opened(given) as Fields;
  const seen = readBody(kind.fields, live);
  const state = { ...kind.fromId(id), ...seen, ...keptInputs(kind.fields, inputs), ...kind.outputs(live) };
  return wrappedLike(given, state);
}

/** Of what was made and isn't right the engine has to know. */
function remembered(kind: Kind, id: string, given: Fields, error: unknown): unknown {
  if (!(error instanceof Unfinished)) return error;
  const { message, live } = error;
  const state = stateOf(kind, id, given, live);
  return initFailed({ id, message: said(message), why: said(message), inputs: given, state });
}

/** The plugin lists what went wrong, even if it is one thing. */
const said = (message: string) => `1 error occurred:\n\t* ${message}\n\n`;

function inPluginsWords(error: unknown): unknown {
  if (typeof error === "object" && error !== null && "metadata" in error) return error;
  return new Error(said(error instanceof Error ? error.message : String(error)), { cause: error });
}
