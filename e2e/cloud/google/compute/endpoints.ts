import { endpointsOf, type Endpoint } from "#e2e/cloud/google/compute/kinds.ts";
import { startOperation } from "#e2e/cloud/google/compute/operation.ts";
import { keyFor } from "#e2e/cloud/google/compute/path.ts";
import { relativeOf } from "#e2e/cloud/google/compute/references.ts";
import { idle } from "#e2e/cloud/google/compute/write.ts";
import { GoogleError, invalidValue, notFound } from "#e2e/cloud/google/google-error.ts";
import { numberAt, objectsAt, stringAt, stringsAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import { pageOf } from "#e2e/cloud/google/list-page.ts";
import type { Call, Handlers, Model } from "#e2e/cloud/google/model.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

const same = (a: Endpoint, b: Endpoint) => a.ipAddress === b.ipAddress && a.port === b.port;

/** @param ports whether the group is one of ports; one of machines has only addresses */
function endpointsIn(call: Call, ports: boolean): Endpoint[] {
  const given = objectsAt(call.body, "networkEndpoints");
  if (given.length === 0) throw invalidValue("resource.networkEndpoints", "", "At least one is needed.");
  return given.map((each, index) => {
    const [ipAddress, port] = [stringAt(each, "ipAddress"), numberAt(each, "port")];
    const at = `resource.networkEndpoints[${index}]`;
    if (!/^\d+\.\d+\.\d+\.\d+$/.test(ipAddress))
      throw invalidValue(`${at}.ipAddress`, ipAddress, "Must be an IPv4 address.");
    if (ports && (port === null || port < 1 || port > 65_535))
      throw invalidValue(`${at}.port`, port, "Must be from 1 to 65535.");
    return {
      ipAddress,
      port: port ?? 0,
      ...(stringAt(each, "instance") && { instance: stringAt(each, "instance") }),
    };
  });
}

function changeEndpoints(call: Call, type: string, next: (now: Endpoint[], given: Endpoint[]) => Endpoint[]) {
  const { model } = call;
  const stored = idle(call, keyFor(call));
  const given = endpointsIn(call, stored.body.networkEndpointType !== "GCE_VM_IP");
  // Found out before the operation starts, as Google does.
  next(endpointsOf(stored), given);
  const apply = () => {
    const endpoints = next(endpointsOf(stored), given) as unknown as JsonObject[];
    model.store.change(stored, { ...stored.body, "x-endpoints": endpoints }, model.clock.now());
  };
  return startOperation(call, { type, stored, apply });
}

const attach = (call: Call) =>
  changeEndpoints(call, "attachNetworkEndpoints", (now, given) => [
    ...now.filter((each) => !given.some((other) => same(each, other))),
    ...given,
  ]);

const detach = (call: Call) =>
  changeEndpoints(call, "detachNetworkEndpoints", (now, given) => {
    const missing = given.find((each) => !now.some((other) => same(each, other)));
    if (missing)
      throw new GoogleError(
        400,
        "invalid",
        `The endpoint ${missing.ipAddress}:${missing.port} isn't attached.`,
      );
    return now.filter((each) => !given.some((other) => same(each, other)));
  });

async function listEndpoints(call: Call): Promise<JsonObject> {
  const { model } = call;
  const key = keyFor(call);
  const stored = model.store.get(key);
  if (!stored) throw notFound(key.slice("compute/".length));
  const user = call.body.healthStatus === "SHOW" ? model.store.userOf(key) : undefined;
  const all = await Promise.all(
    endpointsOf(stored).map(async (endpoint) => ({
      networkEndpoint: endpoint as unknown as JsonObject,
      ...(user && {
        healths: [
          {
            backendService: { backendService: String(user.body.selfLink) },
            healthState: await stateOf(model, user, endpoint),
          },
        ],
      }),
    })),
  );
  const page = pageOf<JsonObject>(all, Number(call.query.get("maxResults")), call.query.get("pageToken"));
  const own = { kind: "compute#networkEndpointGroupsListNetworkEndpoints", id: key.slice("compute/".length) };
  return { ...own, items: page.items, ...(page.nextPageToken && { nextPageToken: page.nextPageToken }) };
}

/** Health of one group behind a backend service, as its health check finds it now. */
async function getHealth(call: Call): Promise<JsonObject> {
  const { model, project } = call;
  const key = keyFor(call);
  const service = model.store.get(key);
  if (!service) throw notFound(key.slice("compute/".length));
  const asked = relativeOf(model, project, stringAt(call.body, "group"));
  const groups = objectsAt(service.body, "backends").map((each) =>
    relativeOf(model, project, stringAt(each, "group")),
  );
  if (asked === null || !groups.includes(asked)) {
    throw invalidValue("resource.group", call.body.group, "The group isn't a backend of the service.");
  }
  const group = model.store.get(`compute/${asked}`);
  const healthStatus = await Promise.all(
    (group ? endpointsOf(group) : []).map(async ({ ipAddress, port, instance }) => ({
      ipAddress,
      port,
      ...(instance && { instance }),
      healthState: await stateOf(model, service, { ipAddress, port }),
    })),
  );
  // Google leaves the list out while there is nothing to say.
  return { kind: "compute#backendServiceGroupHealth", ...(healthStatus.length > 0 && { healthStatus }) };
}

async function stateOf(model: Model, service: Stored, endpoint: Endpoint): Promise<"HEALTHY" | "UNHEALTHY"> {
  const [url = ""] = stringsAt(service.body, "healthChecks");
  const path = relativeOf(model, "", url);
  const check = path ? model.store.get(`compute/${path}`)?.body : undefined;
  return check && (await model.surroundings.probe(endpoint, check)) ? "HEALTHY" : "UNHEALTHY";
}

export const computeEndpoints: Handlers = {
  "compute.networkEndpointGroups.attachNetworkEndpoints": attach,
  "compute.networkEndpointGroups.detachNetworkEndpoints": detach,
  "compute.networkEndpointGroups.listNetworkEndpoints": listEndpoints,
  "compute.backendServices.getHealth": getHealth,
  "compute.regionBackendServices.getHealth": getHealth,
};
