import { firstNodes } from "#lib/targets/gke/first-nodes.ts";
import { bootDisk } from "#lib/targets/gke/plan/cluster.ts";
import { prices, type PriceItem, type PriceRow } from "#lib/targets/gke/prices.ts";
import type { GkeSettings, OwnCluster } from "#lib/targets/gke/settings.ts";

/** One line of a price. Amounts are US dollars an hour; null: the price is unknown. */
export type PriceLine = {
  what: string;
  least: number | null;
  most: number | null;
  /** what the amounts are made of */
  rows: PriceRow[];
};

/** What a deployment costs while it is there, by the hour in US dollars. */
export type Price = {
  lines: PriceLine[];
  /** of the lines whose price is known, with as many nodes as the pool begins with, and with as many as it may get */
  least: number;
  most: number;
  /** false: some price is unknown, and the sums are what it costs at least */
  isComplete: boolean;
  /** sentences about what isn't in it */
  notes: string[];
};

/** What Google takes for a month, 365 days of 24 hours by 12. */
export const hoursPerMonth = 730;

type Priced = Pick<GkeSettings, "region" | "zones" | "cluster">;

/**
 * The price of a deployment's graph from the table in prices.ts. What depends on use isn't in it. The credit that
 * Google gives each billing account for one cluster isn't subtracted, since it may be used up already.
 *
 * @param layer 4 has a forwarding rule of the region, 7 one or two of the whole world
 */
export function priceOf({ region, zones, cluster }: Priced, layer: 4 | 7): Price {
  const lines = [
    ...(cluster.mode === "own" ? clusterLines(region, zones, cluster) : []),
    line(
      "Load balancer: its forwarding rules",
      region,
      [{ item: layer === 4 ? "regional forwarding rules" : "global forwarding rules" }],
      1,
    ),
    line("The reserved address, in use", region, [{ item: "address in use" }], 1),
  ];
  const sum = (bound: "least" | "most") => lines.reduce((total, each) => total + (each[bound] ?? 0), 0);
  return {
    lines,
    least: sum("least"),
    most: sum("most"),
    isComplete: lines.every(({ least }) => least !== null),
    notes: notesOf(cluster, zones),
  };
}

/** The sums in a sentence's words, by the hour and by the month. */
export function priceInWords({
  least,
  most,
  isComplete,
}: Pick<Price, "least" | "most" | "isComplete">): string {
  const between = (factor: number, digits: number) => {
    const [low, high] = [least, most].map((usd) => `$${(usd * factor).toFixed(digits)}`);
    return low === high ? low : `${low} to ${high}`;
  };
  return `${isComplete ? "" : "at least "}${between(1, 3)} an hour, ${between(hoursPerMonth, 2)} a month`;
}

function clusterLines(region: string, zones: readonly string[], cluster: OwnCluster): PriceLine[] {
  const { machineType, spot, gpu, minNodes, maxNodes } = cluster;
  const range = (parts: Part[], what: string) => line(what, region, parts, minNodes, maxNodes);
  const kind = `${machineType}${spot ? ", spot" : ""}`;
  return [
    line("GKE's fee for the cluster", region, [{ item: "cluster" }], 1),
    range([{ item: `machine ${kind}` }], `Nodes: ${kind}`),
    range(
      [{ item: `disk ${bootDisk.type}`, quantity: bootDisk.gigabytes }],
      `Their disks: ${bootDisk.gigabytes} GB ${bootDisk.type} each`,
    ),
    range([spot ? null : { item: "node address" }], "Their external addresses"),
    ...(gpu ? [range([null], `GPUs: ${gpu.count} × ${gpu.type} in each node`)] : []),
  ];
}

/** One of a thing; null: something that is in no table. */
type Part = { item: PriceItem; quantity?: number } | null;

function line(what: string, region: string, parts: Part[], least: number, most = least): PriceLine {
  const found = parts.map((part) => ({ part, row: part && rowOf(part.item, region) }));
  const rows = found.flatMap(({ row }) => row ?? []);
  if (rows.length < parts.length) return { what, least: null, most: null, rows };
  const each = found.reduce((sum, { part, row }) => sum + hourly(row!) * (part?.quantity ?? 1), 0);
  return { what, least: each * least, most: each * most, rows };
}

function rowOf(item: PriceItem, region: string): PriceRow | null {
  return prices.find((row) => row.item === item && (row.region ?? region) === region) ?? null;
}

function hourly({ usd, per }: PriceRow): number {
  return per === "hour" ? usd : usd / hoursPerMonth;
}

function notesOf(cluster: Priced["cluster"], zones: readonly string[]): string[] {
  const first = cluster.mode === "own" ? firstNodes(cluster, zones) : 0;
  return [
    ...(cluster.mode === "own" && first > cluster.minNodes
      ? [
          `The pool begins with ${first} nodes, as many in each of ${zones.length} zones; fewer, ${cluster.minNodes} at least, once the autoscaler takes idle ones away.`,
        ]
      : []),
    "Traffic, logs, static files and taxes come on top: they depend on use.",
    cluster.mode === "own"
      ? "Google's free tier, which pays for one zonal cluster of a billing account, is not subtracted."
      : "The cluster is paid for anyway. What its own autoscaler adds for this deployment isn't in it.",
  ];
}
