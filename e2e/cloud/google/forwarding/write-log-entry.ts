import type { IncomingMessage, ServerResponse } from "node:http";
import type { Frontend } from "#e2e/cloud/google/forwarding/serve-request.ts";
import { numberAt, objectAt, stringAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

/** Writes a request down for Cloud Logging, where its backend service says so and as often as it says. */
export function writeLogEntry(
  { model, rule, random }: Frontend,
  map: Stored,
  service: JsonObject,
  scheme: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const config = objectAt(service, "logConfig");
  if (config.enable !== true || random() >= (numberAt(config, "sampleRate") ?? 1)) return;
  const project = rule.key.split("/")[2] ?? "";
  const entries = model.entries.get(project) ?? [];
  const nameOf = (url: string) => url.split("/").at(-1) ?? "";
  const status = response.statusCode;
  entries.push({
    insertId: model.store.nextId(),
    logName: `projects/${project}/logs/requests`,
    timestamp: model.clock.now().toISOString(),
    severity: status >= 500 ? "WARNING" : "INFO",
    resource: {
      type: "http_load_balancer",
      labels: {
        project_id: project,
        zone: "global",
        url_map_name: stringAt(map.body, "name"),
        forwarding_rule_name: stringAt(rule.body, "name"),
        target_proxy_name: nameOf(stringAt(rule.body, "target")),
        backend_service_name: stringAt(service, "name"),
      },
    },
    httpRequest: {
      requestMethod: request.method ?? "",
      requestUrl: `${scheme}://${request.headers.host ?? ""}${request.url ?? "/"}`,
      status,
      remoteIp: request.socket.remoteAddress ?? "",
      userAgent: request.headers["user-agent"] ?? "",
    },
  });
  model.entries.set(project, entries);
}
