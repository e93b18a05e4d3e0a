import type { Cloud } from "#e2e/cloud/stand-in/cloud.ts";
import { computeKind } from "#e2e/cloud/stand-in/compute-kind.ts";
import { isObject } from "#e2e/cloud/stand-in/values.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

const nested = ["defaultRouteAction", "pathMatchers", "tests"] as const;

export const urlMap = computeKind({
  title: "UrlMap",
  collection: "urlMaps",
  fields: {
    defaultService: {},
    defaultUrlRedirect: {},
    defaultRouteAction: {},
    headerAction: {},
    hostRules: {},
    pathMatchers: {},
    tests: {},
  },
  immovable: [],
  more: (cloud, inputs) => ({
    ...(inputs.defaultService !== undefined && { defaultService: withHost(cloud, inputs.defaultService) }),
    ...Object.fromEntries(
      nested.flatMap((name) => (inputs[name] === undefined ? [] : [[name, withHost(cloud, inputs[name])]])),
    ),
  }),
  verb: "PUT",
  outputs: ({ id }) => ({ mapId: Number(id) }),
});

const linked = ["service", "defaultService", "backendService"];

/** A partial link to a service gets the host of the API, as the plugin does it in URL maps alone. */
function withHost(cloud: Cloud, value: unknown): unknown {
  if (typeof value === "string") {
    return /^projects\/.*\/backend(Services|Buckets)\//.test(value) ? cloud.endpoints.compute + value : value;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => withHost(cloud, item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value as Fields).map(([name, inner]) => [
      name,
      typeof inner !== "string" || linked.includes(name) ? withHost(cloud, inner) : inner,
    ]),
  );
}
