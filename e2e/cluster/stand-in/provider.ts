import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type * as Proto from "@pulumi/pulumi/proto/provider_pb.js";
import { checkResource } from "#e2e/cluster/stand-in/check-resource.ts";
import { apply, create, pathOf, remove } from "#e2e/cluster/stand-in/cluster-objects.ts";
import { diffInputs, liveInputs } from "#e2e/cluster/stand-in/diff-inputs.ts";
import { grpcError } from "#e2e/cluster/stand-in/grpc-error.ts";
import { whyUnready } from "#e2e/cluster/stand-in/wait-for.ts";
import { checked, clear, different, typeOf, unary, withSetters } from "#e2e/stand-in/answers.ts";
import { initFailed } from "#e2e/stand-in/init-failed.ts";
import { Empty, fieldsOf, PluginInfo, proto, structOf, type Fields } from "#e2e/stand-in/protocol.ts";
import {
  checkConfig,
  diffConfig,
  readConfig,
  type ProviderConfig,
} from "#e2e/cluster/stand-in/provider-config.ts";
import { opened, wrappedLike } from "#e2e/stand-in/secret-values.ts";
import {
  ApiUnreachable,
  apiClient,
  type ApiClient,
  type KubernetesObject,
} from "#infra/kubernetes/api-client.ts";

type Configured = { api: ApiClient } & Omit<ProviderConfig, "access">;

/**
 * Serves what the engine asks of a provider, by the API server that its own kubeconfig leads to. It does what the
 * real plugin does for the kinds that Sluice's programs register, and is stricter: whatever the SDK doesn't
 * declare is refused before anything is made.
 */
export function standInProvider(): UntypedServiceImplementation {
  let configured: Configured | null = null;
  const stopping = new AbortController();
  const cluster = (): Configured => {
    if (!configured) throw new Error("The provider wasn't configured.");
    return configured;
  };
  const run = (timeoutSeconds: number) => ({
    api: cluster().api,
    forces: cluster().forces,
    timeoutSeconds,
    signal: stopping.signal,
  });

  return {
    getPluginInfo: unary(() => withSetters(new PluginInfo(), { setVersion: "4.34.2" })),
    cancel: unary(() => {
      stopping.abort(new Error("it was cancelled"));
      return new Empty();
    }),
    attach: unary(() => new Empty()),
    checkConfig: unary((request: Proto.CheckRequest) =>
      checked(request, checkConfig(clear(request.getNews()))),
    ),
    diffConfig: unary((request: Proto.DiffRequest) => {
      const olds = clear(request.getOldInputs() ?? request.getOlds());
      return different(diffConfig(olds, clear(request.getNews())));
    }),
    configure: unary((request: Proto.ConfigureRequest) => {
      const { access, ...config } = readConfig(clear(request.getArgs()));
      configured = { api: apiClient(access), ...config };
      return withSetters(new proto.ConfigureResponse(), {
        setAcceptsecrets: true,
        setSupportspreview: false,
      });
    }),
    check: unary((request: Proto.CheckRequest) => {
      const type = typeOf(request.getUrn());
      return checked(request, checkResource(type, clear(request.getNews())));
    }),
    diff: unary((request: Proto.DiffRequest) => {
      const news = clear(request.getNews());
      return different(diffInputs(String(news.kind), clear(request.getOldInputs()), news));
    }),
    create: unary(async (request: Proto.CreateRequest) => {
      const inputs = fieldsOf(request.getProperties());
      const object = opened(inputs) as KubernetesObject;
      const made = await create(run(request.getTimeout()), object, cluster().upserts).catch(
        (error: unknown) => {
          throw grpcError(error, object, inputs, (found) => stateOf(inputs, found));
        },
      );
      return withSetters(new proto.CreateResponse(), {
        setId: idOf(object),
        setProperties: structOf(stateOf(inputs, made)),
      });
    }),
    update: unary(async (request: Proto.UpdateRequest) => {
      const inputs = fieldsOf(request.getNews());
      const object = opened(inputs) as KubernetesObject;
      const made = await apply(run(request.getTimeout()), object).catch((error: unknown) => {
        throw grpcError(error, object, inputs, (found) => stateOf(inputs, found));
      });
      return withSetters(new proto.UpdateResponse(), { setProperties: structOf(stateOf(inputs, made)) });
    }),
    read: unary(async (request: Proto.ReadRequest) => {
      const inputs = fieldsOf(request.getInputs());
      const object = opened(fieldsOf(request.getProperties())) as KubernetesObject;
      const live = await cluster().api.find(pathOf(object), stopping.signal);
      if (!live) return new proto.ReadResponse();
      const asked = liveInputs(opened(inputs), readable(live)) as Fields;
      const read = { state: stateOf(inputs, live), inputs: wrappedLike(inputs, asked, secretFields(live)) };
      const why = await whyUnready(cluster().api, live, stopping.signal);
      if (why !== null) {
        const message = `${live.kind} ${request.getId()} isn't ready: ${why}`;
        throw initFailed({ id: request.getId(), message, why, ...read }) as Error;
      }
      return withSetters(new proto.ReadResponse(), {
        setId: request.getId(),
        setProperties: structOf(read.state),
        setInputs: structOf(read.inputs),
      });
    }),
    delete: unary(async (request: Proto.DeleteRequest) => {
      const object = opened(fieldsOf(request.getProperties())) as KubernetesObject;
      await remove(run(request.getTimeout()), object).catch((error: unknown) => {
        if (!(error instanceof ApiUnreachable && cluster().forgetsUnreachable)) throw error;
      });
      return new Empty();
    }),
  };
}

/** What the engine remembers of an object: all that the API server says, secrets still secret. */
function stateOf(inputs: Fields, live: KubernetesObject): Fields {
  const { managedFields: _, ...metadata } = live.metadata as Fields;
  return wrappedLike(inputs, { ...live, metadata }, secretFields(live));
}

/** All content of a Secret is secret. */
function secretFields({ kind }: KubernetesObject): string[] {
  return kind === "Secret" ? ["data", "stringData"] : [];
}

/** A Secret is written as text and read as base64. */
function readable(live: KubernetesObject): KubernetesObject {
  if (live.kind !== "Secret") return live;
  const decoded = Object.entries((live.data ?? {}) as Record<string, string>).map(([name, value]) => [
    name,
    Buffer.from(value, "base64").toString("utf8"),
  ]);
  return { ...live, stringData: Object.fromEntries(decoded) };
}

function idOf({ metadata }: KubernetesObject): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
}
