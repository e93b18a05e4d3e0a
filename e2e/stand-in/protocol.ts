import { createRequire } from "node:module";
import type * as AnyModule from "google-protobuf/google/protobuf/any_pb.js";
import type * as EmptyModule from "google-protobuf/google/protobuf/empty_pb.js";
import type * as StructModule from "google-protobuf/google/protobuf/struct_pb.js";
import type * as PluginModule from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as ProviderModule from "@pulumi/pulumi/proto/provider_pb.js";
import type * as StatusModule from "@pulumi/pulumi/proto/status_pb.js";

// The messages of the engine's protocol, as the SDK ships them: generated files that only `require` reads. The
// basic ones come from the SDK's own copy, so that there is one of each.
const here = createRequire(import.meta.url);
const sdk = createRequire(here.resolve("@pulumi/pulumi/package.json"));

export const proto = here("@pulumi/pulumi/proto/provider_pb.js") as typeof ProviderModule;
export const { PluginInfo } = here("@pulumi/pulumi/proto/plugin_pb.js") as typeof PluginModule;
export const { Status } = here("@pulumi/pulumi/proto/status_pb.js") as typeof StatusModule;
export const { Any } = sdk("google-protobuf/google/protobuf/any_pb.js") as typeof AnyModule;
export const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb.js") as typeof EmptyModule;
const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb.js") as typeof StructModule;

export type Fields = Record<string, unknown>;

export function structOf(fields: object): StructModule.Struct {
  return Struct.fromJavaScript(fields as Record<string, StructModule.JavaScriptValue>);
}

export function fieldsOf(struct: StructModule.Struct | undefined): Fields {
  return struct?.toJavaScript() ?? {};
}
