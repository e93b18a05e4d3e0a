import { get } from "node:http";
import { relativeOf } from "#e2e/cloud/google/compute/references.ts";
import {
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from "#e2e/cloud/google/json.ts";
import type { Model, Surroundings } from "#e2e/cloud/google/model.ts";

/** Where Google's health checks of external load balancers come from. */
const ranges = ["130.211.0.0/22", "35.191.0.0/16"];
const timeoutMs = 2_000;

/** Asks a real pod as a health check of Google's does, where a firewall lets one in. */
export const probePod =
  (model: () => Model): Surroundings["probe"] =>
  async ({ ipAddress, port }, healthCheck) => {
    const settings = objectAt(healthCheck, "httpHealthCheck");
    const asked =
      settings.portSpecification === "USE_SERVING_PORT" ? port : (numberAt(settings, "port") ?? 80);
    if (!isLetIn(model(), ipAddress, asked)) return false;
    return answersWell(ipAddress, asked, stringAt(settings, "requestPath") || "/");
  };

/** Whether a firewall of the pod's network has both ranges and the port. */
function isLetIn(model: Model, ipAddress: string, port: number): boolean {
  const groups = model.store
    .all()
    .filter(
      ({ key, body }) =>
        key.includes("/networkEndpointGroups/") &&
        objectsAt(body, "x-endpoints").some((each) => each.ipAddress === ipAddress),
    );
  const firewalls = model.store.all().filter(({ key }) => key.includes("/global/firewalls/"));
  return groups.some((group) => {
    const network = relativeOf(model, "", stringAt(group.body, "network"));
    return firewalls.some(
      ({ body }) =>
        relativeOf(model, "", stringAt(body, "network")) === network &&
        ranges.every((range) => stringsAt(body, "sourceRanges").includes(range)) &&
        objectsAt(body, "allowed").some((rule) => allows(rule, port)),
    );
  });
}

function allows(rule: JsonObject, port: number): boolean {
  const ports = stringsAt(rule, "ports");
  return rule.IPProtocol === "tcp" && (ports.length === 0 || ports.includes(String(port)));
}

function answersWell(host: string, port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host, port, path, agent: false, timeout: timeoutMs }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
