import * as catalog from "#e2e/cloud/google/catalog.ts";
import { keyFor } from "#e2e/cloud/google/compute/path.ts";
import { listed } from "#e2e/cloud/google/compute/read.ts";
import { selfLink } from "#e2e/cloud/google/compute/references.ts";
import { invalidValue, notFound } from "#e2e/cloud/google/google-error.ts";
import type { JsonObject } from "#e2e/cloud/google/json.ts";
import { param, type Call, type Handlers, type Model } from "#e2e/cloud/google/model.ts";

const link = (model: Model, project: string, rest: string) =>
  selfLink(model, `compute/projects/${project}/${rest}`);
const since = "1969-12-31T16:00:00.000-08:00";

function showRegion({ model, project }: Call, name: string): JsonObject {
  const quotas = model.quotas.list(project, name);
  const zones = catalog.zonesOf(name).map((zone) => link(model, project, `zones/${zone.name}`));
  const own = { id: "1000", name, status: "UP", creationTimestamp: since, description: name };
  return { kind: "compute#region", ...own, zones, quotas, selfLink: link(model, project, `regions/${name}`) };
}

function showZone({ model, project }: Call, { name, region }: catalog.Zone): JsonObject {
  const own = { id: "2000", name, status: "UP", creationTimestamp: since, description: name };
  const region_ = link(model, project, `regions/${region}`);
  return { kind: "compute#zone", ...own, region: region_, selfLink: link(model, project, `zones/${name}`) };
}

function showMachine({ model, project }: Call, zone: string, machine: catalog.MachineType): JsonObject {
  const { name, guestCpus, memoryMb } = machine;
  const url = link(model, project, `zones/${zone}/machineTypes/${name}`);
  const description = `${guestCpus} vCPU, ${memoryMb / 1024} GB RAM`;
  return {
    kind: "compute#machineType",
    id: "3000",
    name,
    description,
    guestCpus,
    memoryMb,
    zone,
    selfLink: url,
  };
}

function showAccelerator({ model, project }: Call, zone: string, type: catalog.AcceleratorType): JsonObject {
  const { name, description, maximumCardsPerInstance } = type;
  const url = link(model, project, `zones/${zone}/acceleratorTypes/${name}`);
  const place = link(model, project, `zones/${zone}`);
  const own = { id: "4000", name, description, maximumCardsPerInstance };
  return { kind: "compute#acceleratorType", ...own, zone: place, selfLink: url };
}

/** @throws GoogleError 400 for a zone that there is none of */
function zoneIn(call: Call): catalog.Zone {
  const zone = catalog.findZone(param(call, "zone"));
  if (!zone) throw invalidValue("zone", param(call, "zone"), "Unknown zone.");
  return zone;
}

function one<T extends { name: string }>(call: Call, all: T[], name: string): T {
  const found = all.find((each) => each.name === name);
  if (!found) throw notFound(keyFor(call).slice("compute/".length));
  return found;
}

function getProject(call: Call): JsonObject {
  const { model } = call;
  const project = model.projects.get(call.project)!;
  return {
    kind: "compute#project",
    id: project.number,
    name: project.id,
    creationTimestamp: since,
    defaultServiceAccount: `${project.number}-compute@developer.gserviceaccount.com`,
    quotas: model.quotas.list(project.id, null),
    selfLink: selfLink(model, `compute/projects/${project.id}`),
  };
}

const shownIn = (call: Call, field: "machineTypes" | "acceleratorTypes", zone: catalog.Zone): JsonObject[] =>
  field === "machineTypes"
    ? zone.machineTypes.map((each) => showMachine(call, zone.name, each))
    : zone.acceleratorTypes.map((each) => showAccelerator(call, zone.name, each));

const everywhere =
  (field: "machineTypes" | "acceleratorTypes") =>
  (call: Call): JsonObject => {
    const items = catalog.zones.map((zone) => [
      `zones/${zone.name}`,
      { [field]: shownIn(call, field, zone) },
    ]);
    const kind = field === "machineTypes" ? "machineType" : "acceleratorType";
    return {
      kind: `compute#${kind}AggregatedList`,
      id: `projects/${call.project}/aggregated/${field}`,
      selfLink: link(call.model, call.project, `aggregated/${field}`),
      items: Object.fromEntries(items) as JsonObject,
    };
  };

/** What Google has to offer where, which no request changes. */
export const computePlaces: Handlers = {
  "compute.projects.get": getProject,
  "compute.regions.get": (call) => {
    const regions = catalog.regions.map((name) => ({ name }));
    return showRegion(call, one(call, regions, param(call, "region")).name);
  },
  "compute.regions.list": (call) => {
    const all = catalog.regions.map((name) => showRegion(call, name));
    return listed(call, `compute/projects/${call.project}/regions`, all);
  },
  "compute.zones.get": (call) => showZone(call, one(call, catalog.zones, param(call, "zone"))),
  "compute.zones.list": (call) => {
    const all = catalog.zones.map((zone) => showZone(call, zone));
    return listed(call, `compute/projects/${call.project}/zones`, all);
  },
  "compute.machineTypes.get": (call) => {
    const zone = zoneIn(call);
    return showMachine(call, zone.name, one(call, zone.machineTypes, param(call, "machineType")));
  },
  "compute.machineTypes.list": (call) =>
    listed(call, keyFor(call), shownIn(call, "machineTypes", zoneIn(call))),
  "compute.machineTypes.aggregatedList": everywhere("machineTypes"),
  "compute.acceleratorTypes.get": (call) => {
    const zone = zoneIn(call);
    return showAccelerator(call, zone.name, one(call, zone.acceleratorTypes, param(call, "acceleratorType")));
  },
  "compute.acceleratorTypes.list": (call) =>
    listed(call, keyFor(call), shownIn(call, "acceleratorTypes", zoneIn(call))),
  "compute.acceleratorTypes.aggregatedList": everywhere("acceleratorTypes"),
};
