/** What Google asks for one thing, in US dollars, before taxes and discounts. */
export type PriceRow = {
  item: string;
  /** null: the same everywhere */
  region: string | null;
  usd: number;
  per: "hour" | "gigabyte and month";
  /** the page of Google's that says it */
  source: string;
  /** the day on which it was looked up, in stored copies and public quotations of that page: not the live one */
  lookedUp: string;
};

export type PriceItem =
  | "cluster"
  | `machine ${string}`
  | `disk ${string}`
  /** the external address of a node, which a node has by itself */
  | "node address"
  /** up to five forwarding rules of a project together */
  | "global forwarding rules"
  | "regional forwarding rules"
  /** a reserved address while a forwarding rule uses it */
  | "address in use";

const lookedUp = "2026-11-23";
const machines = "https://cloud.google.com/compute/all-pricing";
const balancing = "https://cloud.google.com/load-balancing/pricing";
const addresses = "https://cloud.google.com/vpc/pricing";
const iowa = "us-central1";

/**
 * All that the origin's graph is made of, in one region. What isn't here has no price that was looked up, and is said
 * to have none: spot nodes among them, whose price Google changes each month, and GPUs.
 */
export const prices: readonly PriceRow[] = [
  {
    item: "cluster",
    region: null,
    usd: 0.1,
    per: "hour",
    source: "https://cloud.google.com/kubernetes-engine/pricing",
    lookedUp,
  },
  ...Object.entries({
    "n1-standard-1": 0.04749975,
    "n1-standard-2": 0.0949995,
    "n1-standard-4": 0.189999,
    "n1-standard-8": 0.379998,
  }).map(([type, usd]): PriceRow => ({
    item: `machine ${type}`,
    region: iowa,
    usd,
    per: "hour",
    source: machines,
    lookedUp,
  })),
  {
    item: "disk pd-balanced",
    region: iowa,
    usd: 0.1,
    per: "gigabyte and month",
    source: "https://cloud.google.com/compute/disks-image-pricing",
    lookedUp,
  },
  { item: "node address", region: null, usd: 0.005, per: "hour", source: addresses, lookedUp },
  { item: "global forwarding rules", region: null, usd: 0.025, per: "hour", source: balancing, lookedUp },
  { item: "regional forwarding rules", region: iowa, usd: 0.025, per: "hour", source: balancing, lookedUp },
  { item: "address in use", region: null, usd: 0, per: "hour", source: addresses, lookedUp },
];
