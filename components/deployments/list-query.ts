import { deploymentStatuses, type DeploymentStatus } from "#lib/deployments/status.ts";
import { routes } from "#lib/routes.ts";

/** `trouble`, which is the usual one: what needs a person first, then the newest. */
export const sorts = ["trouble", "createdAt", "name", "status", "model"] as const;
export type Sort = (typeof sorts)[number];

export const shows = ["live", ...deploymentStatuses, "all"] as const;
export type Show = "live" | DeploymentStatus | "all";

/** What the list shows: all of it is in the address, so that it can be kept and sent to someone. */
export type ListQuery = {
  search: string;
  status: Show;
  /** a built-in target, `kubernetes` for every cluster, or a cluster's name */
  target: string | null;
  sort: Sort;
  direction: "asc" | "desc";
  /** the last row of the page before; `null` on the first page */
  after: string | null;
  /** the place of this page's first row, for a person to read */
  from: number;
};

export const pageSize = 50;

type Given = Record<string, string | string[] | undefined>;

/**
 * Reads the address; what isn't known in it is left out, so an old bookmark still works.
 *
 * @param targets what the list can be narrowed to
 */
export function readListQuery(params: Given, targets: readonly string[]): ListQuery {
  const one = (name: string) => {
    const value = params[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const sort = sorts.find((s) => s === one("sort")) ?? "trouble";
  const direction = (["asc", "desc"] as const).find((d) => d === one("direction")) ?? firstDirection(sort);
  const from = Number(one("from"));
  const after = one("after")?.slice(0, 40) || null;
  return {
    search: (one("search") ?? "").slice(0, 100),
    status: shows.find((s) => s === one("status")) ?? "live",
    target: targets.find((t) => t === one("target")) ?? null,
    sort,
    direction,
    after,
    from: after && Number.isInteger(from) && from > 0 ? from : 1,
  };
}

/** The address of a list; what is as usual is left out of it. */
export function listHref(query: ListQuery): string {
  const params = new URLSearchParams();
  if (query.search) params.set("search", query.search);
  if (query.status !== "live") params.set("status", query.status);
  if (query.target) params.set("target", query.target);
  if (query.sort !== "trouble") params.set("sort", query.sort);
  if (query.direction !== firstDirection(query.sort)) params.set("direction", query.direction);
  if (query.after) {
    params.set("after", query.after);
    params.set("from", String(query.from));
  }
  const text = params.toString();
  return text ? `${routes.dashboard}?${text}` : routes.dashboard;
}

/** The same list from its first row. */
export function firstPage(query: ListQuery): ListQuery {
  return { ...query, after: null, from: 1 };
}

/** Sorting by what is sorted by already turns the order round. */
export function sortedBy(query: ListQuery, sort: Sort): ListQuery {
  const turned = query.direction === "asc" ? "desc" : "asc";
  return firstPage({ ...query, sort, direction: query.sort === sort ? turned : firstDirection(sort) });
}

/** Words read from A on; times from the newest, and trouble before the rest. */
function firstDirection(sort: Sort): "asc" | "desc" {
  return sort === "createdAt" || sort === "trouble" ? "desc" : "asc";
}

/** Whether anything but the order was asked for. */
export function isFiltered(query: ListQuery): boolean {
  return query.search !== "" || query.status !== "live" || query.target !== null;
}
