"use client";

import { useEffect, useRef, useState, useTransition } from "react";
import { useRouter } from "next/navigation";
import { LoaderCircle, Search } from "lucide-react";
import {
  firstPage,
  listHref,
  sortedBy,
  type ListQuery,
  type Show,
  type Sort,
} from "#components/deployments/list-query.ts";
import { statusWord } from "#components/deployments/status-pill.tsx";
import { cx } from "#components/ui/class-names.ts";
import { controlClass } from "#components/ui/field.tsx";
import { deploymentStatuses } from "#lib/deployments/status.ts";

const TYPING_PAUSE_MS = 250;

const sortWords: [Sort, string][] = [
  ["trouble", "Trouble first"],
  ["createdAt", "Newest first"],
  ["name", "By name"],
  ["status", "By status"],
  ["model", "By model"],
];

/** Search, filter and, where there is no table to do it, sort: each change is a new address. */
export function ListControls({
  query,
  targets,
}: {
  query: ListQuery;
  /** what the list can be narrowed to */
  targets: readonly { value: string; words: string }[];
}) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [text, setText] = useState(query.search);
  const [address, setAddress] = useState(query.search);
  const [asked, setAsked] = useState<readonly string[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // An address that nobody typed here, by "Back" or a link, brings its own text; the answer to what was typed
  // must not overwrite what was typed since.
  if (query.search !== address) {
    const place = asked.indexOf(query.search);
    setAddress(query.search);
    setAsked(place < 0 ? [] : asked.slice(place + 1));
    if (place < 0) setText(query.search);
  }

  const go = (next: ListQuery) => {
    clearTimeout(timer.current);
    if (next.search !== query.search) setAsked((before) => [...before, next.search]);
    startTransition(() => router.replace(listHref(firstPage(next)), { scroll: false }));
  };
  const type = (search: string) => {
    setText(search);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => go({ ...query, search }), TYPING_PAUSE_MS);
  };
  const Icon = pending ? LoaderCircle : Search;
  const selectClass = cx(controlClass, "max-sm:min-w-[calc(50%-0.25rem)] max-sm:flex-1");

  return (
    <form
      role="search"
      onSubmit={(event) => event.preventDefault()}
      className="flex flex-wrap gap-2 border-b p-3"
    >
      <label className="relative min-w-48 flex-1 max-sm:basis-full">
        <span className="sr-only">Search deployments</span>
        <Icon
          aria-hidden
          className={cx(
            "absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint",
            pending && "animate-spin",
          )}
        />
        <input
          type="search"
          value={text}
          onChange={(event) => type(event.target.value)}
          placeholder="Name, model or owner"
          className={cx(controlClass, "w-full pl-9")}
        />
      </label>
      <select
        aria-label="Status"
        value={query.status}
        onChange={(event) => go({ ...query, search: text, status: event.target.value as Show })}
        className={selectClass}
      >
        <option value="live">All live</option>
        {deploymentStatuses.map((status) => (
          <option key={status} value={status}>
            {statusWord(status)}
          </option>
        ))}
        <option value="all">Live and destroyed</option>
      </select>
      <select
        aria-label="Target"
        value={query.target ?? ""}
        onChange={(event) => go({ ...query, search: text, target: event.target.value || null })}
        className={selectClass}
      >
        <option value="">Every target</option>
        {targets.map(({ value, words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
      <select
        aria-label="Sort by"
        value={query.sort}
        onChange={(event) => go({ ...sortedBy(query, event.target.value as Sort), search: text })}
        className={cx(selectClass, "lg:hidden")}
      >
        {sortWords.map(([sort, words]) => (
          <option key={sort} value={sort}>
            {words}
          </option>
        ))}
      </select>
    </form>
  );
}
