import { describe, expect, it } from "vitest";
import {
  firstPage,
  isFiltered,
  listHref,
  readListQuery,
  sortedBy,
} from "#components/deployments/list-query.ts";

const targets = ["local", "kubernetes", "gke", "prod"];
const usual = readListQuery({}, targets);

describe("readListQuery", () => {
  it("shows live deployments, trouble first and then the newest, where the address says nothing", () => {
    expect(usual).toEqual({
      search: "",
      status: "live",
      target: null,
      sort: "trouble",
      direction: "desc",
      after: null,
      from: 1,
    });
  });
  it("leaves out what it doesn't know", () => {
    expect(
      readListQuery(
        { status: "lively", sort: "shoe size", direction: "up", target: "moon", from: "-3" },
        targets,
      ),
    ).toEqual(usual);
  });
  it("takes the first of a value that is given twice", () => {
    expect(readListQuery({ search: ["a", "b"] }, targets).search).toBe("a");
  });
  it("counts rows only on a later page", () => {
    expect(readListQuery({ from: "51" }, targets).from).toBe(1);
    expect(readListQuery({ from: "51", after: "dep-1" }, targets).from).toBe(51);
  });
});

describe("listHref", () => {
  it("is the plain address for the usual list", () => expect(listHref(usual)).toBe("/"));
  it("comes back as what it was made of", () => {
    const query = {
      search: "a & b",
      status: "failed",
      target: "prod",
      sort: "name",
      direction: "desc",
      after: "dep-7k2m9x4q8w3v",
      from: 51,
    } as const;
    const address = new URL(listHref(query), "http://localhost");
    expect(readListQuery(Object.fromEntries(address.searchParams), targets)).toEqual(query);
  });
});

describe("sorting", () => {
  const second = { ...usual, after: "dep-1", from: 51 };
  it("turns round when the same column is chosen again, from the first page", () => {
    const newest = sortedBy(second, "createdAt");
    expect(newest).toEqual({ ...usual, sort: "createdAt" });
    expect(sortedBy(newest, "createdAt")).toEqual({ ...newest, direction: "asc" });
  });
  it("begins names at A", () =>
    expect(sortedBy(second, "name")).toMatchObject({ direction: "asc", after: null }));
  it("isn't a filter", () => {
    expect(isFiltered(sortedBy(usual, "name"))).toBe(false);
    expect(isFiltered({ ...usual, search: "x" })).toBe(true);
  });
  it("goes back to the first page", () => expect(firstPage(second)).toEqual(usual));
});
