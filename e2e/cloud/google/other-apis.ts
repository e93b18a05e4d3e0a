import { compileFilter } from "#e2e/cloud/google/filter.ts";
import { GoogleError, notModelled } from "#e2e/cloud/google/google-error.ts";
import {
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  stringsAt,
  type JsonObject,
} from "#e2e/cloud/google/json.ts";
import { pageOf } from "#e2e/cloud/google/list-page.ts";
import { param, type Call, type Handlers, type Project } from "#e2e/cloud/google/model.ts";

/** APIs that a project may have enabled, with the titles that Google shows. */
export const apis: Record<string, string> = {
  "compute.googleapis.com": "Compute Engine API",
  "container.googleapis.com": "Kubernetes Engine API",
  "iam.googleapis.com": "Identity and Access Management (IAM) API",
  "cloudresourcemanager.googleapis.com": "Cloud Resource Manager API",
  "storage.googleapis.com": "Cloud Storage",
  "monitoring.googleapis.com": "Cloud Monitoring API",
  "logging.googleapis.com": "Cloud Logging API",
  "serviceusage.googleapis.com": "Service Usage API",
};

const projectOf = (call: Call): Project => call.model.projects.get(call.project)!;

function held(call: Call): JsonObject {
  const permissions = stringsAt(call.body, "permissions");
  return {
    permissions: permissions.filter((each) =>
      call.model.permissions.has(call.project, call.account.email, each),
    ),
  };
}

function showService(project: Project, name: string): JsonObject {
  return {
    name: `projects/${project.number}/services/${name}`,
    parent: `projects/${project.number}`,
    config: { name, title: apis[name]! },
    state: project.services.has(name) ? "ENABLED" : "DISABLED",
  };
}

/** @throws GoogleError 404 for an API that there is none of */
function serviceNamed(call: Call): string {
  const name = param(call, "name").split("/").at(-1) ?? "";
  if (!(name in apis))
    throw new GoogleError(404, "notFound", `Not found or permission denied for service(s): ${name}.`);
  return name;
}

function listServices(call: Call): JsonObject {
  const { query } = call;
  const filter = query.get("filter");
  const all = Object.keys(apis).map((name) => showService(projectOf(call), name));
  const matching = filter ? all.filter(compileFilter(filter.replace(":", "="))) : all;
  const page = pageOf(matching, Number(query.get("pageSize")) || 50, query.get("pageToken"));
  return { services: page.items, ...(page.nextPageToken && { nextPageToken: page.nextPageToken }) };
}

function batchGetServices(call: Call): JsonObject {
  const names = call.query.getAll("names").map((each) => each.split("/").at(-1) ?? "");
  const unknown = names.find((name) => !(name in apis));
  if (unknown)
    throw new GoogleError(404, "notFound", `Not found or permission denied for service(s): ${unknown}.`);
  return { services: names.map((name) => showService(projectOf(call), name)) };
}

function enableService(call: Call): JsonObject {
  const name = serviceNamed(call);
  projectOf(call).services.add(name);
  const response = { "@type": "type.googleapis.com/google.api.serviceusage.v1.EnableServiceResponse" };
  return {
    name: "operations/noop.DONE_OPERATION",
    done: true,
    response: { ...response, service: showService(projectOf(call), name) },
  };
}

function getProject(call: Call): JsonObject {
  const { id, number } = projectOf(call);
  return { projectId: id, projectNumber: number, name: id, lifecycleState: "ACTIVE" };
}

function serviceAccount(call: Call): JsonObject {
  const email = param(call, "name").split("/").at(-1) ?? "";
  const found = call.model.store.get(`iam/${call.project}/${email}`);
  if (!found) throw new GoogleError(404, "notFound", `Unknown service account`);
  return found.body;
}

/** Answers with what a test put in for the metric, asked in the same way. */
function listTimeSeries(call: Call): JsonObject {
  const { model, project, query } = call;
  const matches = compileFilter(query.get("filter") ?? "");
  const [from, to] = [query.get("interval.startTime") ?? "", query.get("interval.endTime")];
  if (!to)
    throw new GoogleError(400, "badRequest", "Field interval.endTime had an invalid value: it must be set.");
  const aligner = query.get("aggregation.perSeriesAligner") ?? undefined;
  const reducer = query.get("aggregation.crossSeriesReducer") ?? undefined;
  const put = (model.series.get(project) ?? []).filter(({ series }) => matches(series));
  const asked = put.filter((each) => each.aligner === aligner && each.reducer === reducer);
  if (put.length > 0 && asked.length === 0) {
    throw notModelled(`this aggregation (${aligner ?? "none"}, ${reducer ?? "none"}): a test must put it in`);
  }
  const timeSeries = asked
    .map(({ series }) => ({
      ...series,
      points: objectsAt(series, "points").filter((point) => {
        const end = stringAt(objectAt(point, "interval"), "endTime");
        return Date.parse(end) <= Date.parse(to) && (from === "" || Date.parse(end) > Date.parse(from));
      }),
    }))
    .filter(({ points }) => points.length > 0);
  const page = pageOf<JsonObject>(timeSeries, Number(query.get("pageSize")), query.get("pageToken"));
  return {
    ...(page.items.length > 0 && { timeSeries: page.items }),
    ...(page.nextPageToken && { nextPageToken: page.nextPageToken }),
  };
}

function listEntries(call: Call): JsonObject {
  const { model, body } = call;
  const matches = compileFilter(stringAt(body, "filter").replaceAll("\n", " "));
  const all = (model.entries.get(call.project) ?? []).filter(matches);
  const order = stringAt(body, "orderBy") || "timestamp asc";
  if (!/^timestamp (asc|desc)$/.test(order)) {
    throw new GoogleError(400, "badRequest", "order_by must be either 'timestamp asc' or 'timestamp desc'");
  }
  const sorted = all.toSorted(
    (a, b) => Date.parse(stringAt(a, "timestamp")) - Date.parse(stringAt(b, "timestamp")),
  );
  if (order.endsWith("desc")) sorted.reverse();
  const page = pageOf(sorted, numberAt(body, "pageSize") ?? 50, stringAt(body, "pageToken") || null);
  return {
    ...(page.items.length > 0 && { entries: page.items }),
    ...(page.nextPageToken && { nextPageToken: page.nextPageToken }),
  };
}

export const otherHandlers: Handlers = {
  "cloudresourcemanager.projects.get": getProject,
  "cloudresourcemanager.projects.testIamPermissions": held,
  "iam.projects.serviceAccounts.get": serviceAccount,
  "iam.projects.serviceAccounts.testIamPermissions": (call) => {
    serviceAccount({ ...call, params: { name: param(call, "resource") } });
    return held(call);
  },
  "serviceusage.services.list": listServices,
  "serviceusage.services.get": (call) => showService(projectOf(call), serviceNamed(call)),
  "serviceusage.services.batchGet": batchGetServices,
  "serviceusage.services.enable": enableService,
  "monitoring.projects.timeSeries.list": listTimeSeries,
  "logging.entries.list": listEntries,
};
