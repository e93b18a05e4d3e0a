import { hoursPerMonth } from "#lib/targets/gke/price.ts";
import { prices, type PriceItem } from "#lib/targets/gke/prices.ts";

/** As much of what is left in a project as its price depends on. */
export type PricedThing = {
  /** the API's own plural, such as `forwardingRules` */
  kind: string;
  /** null: it is all over the world */
  region: string | null;
  /** such as `n1-standard-1`, of a machine */
  machineType?: string;
  /** Google may take the machine away at any time */
  isSpot?: boolean;
  /** the machine has an address of its own */
  hasAddress?: boolean;
  /** such as `pd-balanced`, with its size, of a disk */
  disk?: { type: string; gigabytes: number };
  /** a forwarding rule or a machine has it; of an address */
  isInUse?: boolean;
};

/** Kinds that Google takes money for while they are there; all others cost nothing by themselves. */
const paid: Record<string, (thing: PricedThing) => (number | null)[]> = {
  clusters: () => [rate("cluster", null)],
  forwardingRules: ({ region }) => [
    rate(region === null ? "global forwarding rules" : "regional forwarding rules", region),
  ],
  addresses: ({ isInUse, region }) => [isInUse ? rate("address in use", region) : null],
  instances: ({ machineType, isSpot, hasAddress, region }) => [
    isSpot ? null : rate(`machine ${machineType}`, region),
    ...(hasAddress ? [rate("node address", region)] : []),
  ],
  disks: ({ disk, region }) => {
    const each = disk ? rate(`disk ${disk.type}`, region) : null;
    return [each === null ? null : each * disk!.gigabytes];
  },
  // What files cost depends on how many there are, and who fetches them.
  buckets: () => [null],
};

/** US dollars an hour by the table in prices.ts; null: the price is unknown. */
export function leftoverPrice(thing: PricedThing): number | null {
  const parts = paid[thing.kind]?.(thing) ?? [0];
  return parts.reduce((sum: number | null, part) => (sum === null || part === null ? null : sum + part), 0);
}

/** A price in a receipt's words. */
export function leftoverPriceInWords(usd: number | null): string {
  if (usd === null) return "price unknown";
  if (usd === 0) return "costs nothing by itself";
  return `$${usd.toFixed(3)} an hour, $${(usd * hoursPerMonth).toFixed(2)} a month`;
}

function rate(item: PriceItem, region: string | null): number | null {
  const row = prices.find((each) => each.item === item && (each.region ?? region) === region);
  if (!row) return null;
  return row.per === "hour" ? row.usd : row.usd / hoursPerMonth;
}
