import { isAsAsked, isObject } from "#e2e/cloud/stand-in/values.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

/** Fields that SDK and API name alike. */
const alike = [
  "machineType",
  "diskType",
  "diskSizeGb",
  "imageType",
  "spot",
  "preemptible",
  "serviceAccount",
  "oauthScopes",
  "workloadMetadataConfig",
  "tags",
  "labels",
  "resourceLabels",
  "metadata",
  "shieldedInstanceConfig",
  "minCpuPlatform",
];

/** A pool's machines as the API wants them. @throws Error for a field that this stand-in doesn't know */
export function writeNodeConfig(value: unknown): unknown {
  const { guestAccelerators, ...rest } = value as Fields;
  const unknown = Object.keys(rest).find((name) => !alike.includes(name));
  if (unknown) throw new Error(`this stand-in doesn't know nodeConfig.${unknown}`);
  return {
    loggingConfig: { variantConfig: {} },
    ...rest,
    ...(Array.isArray(guestAccelerators) && { accelerators: guestAccelerators.map(writeAccelerator) }),
  };
}

export function readNodeConfig(value: unknown): unknown {
  const config = value as Fields;
  const { accelerators } = config;
  const known = Object.entries(config).filter(([name]) => alike.includes(name));
  return {
    ...Object.fromEntries(known),
    ...(Array.isArray(accelerators) && { guestAccelerators: accelerators.map(readAccelerator) }),
  };
}

function writeAccelerator(value: unknown): Fields {
  const { type, count, ...rest } = value as Fields;
  return { acceleratorType: type, acceleratorCount: count, ...rest };
}

function readAccelerator(value: unknown): Fields {
  const { acceleratorType, acceleratorCount, ...rest } = value as Fields;
  return { type: acceleratorType, count: Number(acceleratorCount), ...rest };
}

/** How the API's own update of a pool wants each field that may change in place. */
const inPlace: Record<string, (value: unknown) => Fields> = {
  machineType: (machineType) => ({ machineType }),
  diskType: (diskType) => ({ diskType }),
  diskSizeGb: (diskSizeGb) => ({ diskSizeGb }),
  imageType: (imageType) => ({ imageType }),
  workloadMetadataConfig: (workloadMetadataConfig) => ({ workloadMetadataConfig }),
  tags: (tags) => ({ tags: { tags } }),
  labels: (labels) => ({ labels: { labels } }),
  resourceLabels: (labels) => ({ resourceLabels: { labels } }),
};

/** Fields of the machines that mean other machines, and so another pool. */
export const immovableOfNodes = [...alike.filter((name) => !(name in inPlace)), "guestAccelerators"].map(
  (name) => `nodeConfig.${name}`,
);

/** Requests that bring a pool's machines from one configuration to another, each with one field. */
export function nodeConfigUpdates(before: unknown, after: unknown): Fields[] {
  const [was, is] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  return Object.entries(inPlace).flatMap(([name, update]) =>
    isAsAsked(was[name], is[name]) && isAsAsked(is[name], was[name]) ? [] : [update(is[name])],
  );
}
