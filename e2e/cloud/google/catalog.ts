/** What a zone has to offer. The figures are Google's own, from its documentation of machine and GPU types. */
export type MachineType = { name: string; guestCpus: number; memoryMb: number; quota: string };
export type AcceleratorType = {
  name: string;
  description: string;
  maximumCardsPerInstance: number;
  quota: string;
};

export const machineTypes: MachineType[] = [
  { name: "n1-standard-1", guestCpus: 1, memoryMb: 3840, quota: "CPUS" },
  { name: "n1-standard-2", guestCpus: 2, memoryMb: 7680, quota: "CPUS" },
  { name: "n1-standard-4", guestCpus: 4, memoryMb: 15360, quota: "CPUS" },
  { name: "n1-standard-8", guestCpus: 8, memoryMb: 30720, quota: "CPUS" },
  { name: "e2-medium", guestCpus: 2, memoryMb: 4096, quota: "CPUS" },
  { name: "e2-standard-2", guestCpus: 2, memoryMb: 8192, quota: "CPUS" },
  { name: "e2-standard-4", guestCpus: 4, memoryMb: 16384, quota: "CPUS" },
  { name: "e2-standard-8", guestCpus: 8, memoryMb: 32768, quota: "CPUS" },
  { name: "n2-standard-2", guestCpus: 2, memoryMb: 8192, quota: "N2_CPUS" },
  { name: "n2-standard-4", guestCpus: 4, memoryMb: 16384, quota: "N2_CPUS" },
  { name: "g2-standard-4", guestCpus: 4, memoryMb: 16384, quota: "CPUS" },
];

export const acceleratorTypes: AcceleratorType[] = [
  { name: "nvidia-tesla-t4", description: "NVIDIA T4", maximumCardsPerInstance: 4, quota: "NVIDIA_T4_GPUS" },
  { name: "nvidia-l4", description: "NVIDIA L4", maximumCardsPerInstance: 8, quota: "NVIDIA_L4_GPUS" },
  {
    name: "nvidia-tesla-v100",
    description: "NVIDIA V100",
    maximumCardsPerInstance: 8,
    quota: "NVIDIA_V100_GPUS",
  },
];

/** A zone: which machine types and GPUs it lacks is what tests are about. */
export type Zone = {
  name: string;
  region: string;
  machineTypes: MachineType[];
  acceleratorTypes: AcceleratorType[];
};

const zone = (name: string, lacks: { machines?: RegExp; accelerators?: RegExp } = {}): Zone => ({
  name,
  region: name.replace(/-[a-z]$/, ""),
  machineTypes: machineTypes.filter((each) => !lacks.machines?.test(each.name)),
  acceleratorTypes: acceleratorTypes.filter((each) => !lacks.accelerators?.test(each.name)),
});

/** Three regions of Google's, a part of their zones, one of them without GPUs. */
export const zones: Zone[] = [
  zone("us-central1-a"),
  zone("us-central1-b"),
  zone("us-central1-c"),
  zone("us-central1-f", { machines: /^g2-/, accelerators: /l4/ }),
  zone("europe-west1-b", { accelerators: /v100/ }),
  zone("europe-west1-c", { accelerators: /v100/ }),
  zone("europe-west1-d", { accelerators: /v100/ }),
  zone("europe-north1-a", { machines: /^g2-/, accelerators: /./ }),
  zone("europe-north1-b", { machines: /^g2-/, accelerators: /./ }),
];

export const regions = [...new Set(zones.map(({ region }) => region))];
export const zonesOf = (region: string): Zone[] => zones.filter((each) => each.region === region);
export const findZone = (name: string): Zone | undefined => zones.find((each) => each.name === name);

/** Zones that a cluster's location stands for: itself, or the first three of a region. */
export function zonesAt(location: string): Zone[] {
  const own = findZone(location);
  return own ? [own] : zonesOf(location).slice(0, 3);
}

export const regionOf = (location: string): string => findZone(location)?.region ?? location;
